/** Dead letters: wakes that the bus buried, kept to be looked at and replayed. A wake carries no work, so replaying makes due what it was about. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { DEFAULT_API_VERSION } from '../platform/http/api-version.ts';
import { DEFAULT_PAGE_ITEMS, nextLinkTo, pageStart } from '../platform/http/paging.ts';
import { spellId } from '../platform/ids/spell-id.ts';
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { MAX_TRANSACTION_ROWS } from '../platform/tables/transaction-budget.ts';

const PARTITION = 'dead-letters';
/** Bounds of all ids. */
const IDS = { from: '0', to: '~' } as const;
/** Long after every due row has brought back what was left undone. */
const KEEP_MS = 90 * 86_400_000;
const MAX_COUNTED = 1_000;

export const DEAD_LETTER_ID = /^[A-Za-z0-9_-]{1,64}$/;

const about = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('lane'), lane: z.string() }),
  z.strictObject({ kind: z.literal('subscription'), subscriptionId: z.string() }),
  z.strictObject({ kind: z.literal('unknown') }),
]);
export type About = z.infer<typeof about>;

export const deadLetterBody = z
  .strictObject({
    messageId: z.string(),
    queue: z.string(),
    /** Why the bus buried it, in its own words. */
    reason: z.string(),
    /** Whom to look at it asked for; `unknown` for a message that was none of ours. */
    about,
    buriedAt: z.string(),
    replayedAt: z.string().optional(),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterBody = z.infer<typeof deadLetterBody>;
export const deadLetterPage = z
  .strictObject({ value: z.array(deadLetterBody), nextLink: z.url().optional() })
  .meta({ id: 'DeadLetterPage' });

export type DeadLetter = DeadLetterBody & { v: 1 };

export type DeadLetters = {
  /** Keeps one; the same message again changes nothing. */
  keep: (letter: Omit<DeadLetter, 'v' | 'buriedAt'>) => Promise<void>;
  /** How many were not replayed; no more than a thousand are counted. */
  countWaiting: () => Promise<{ count: number; more: boolean }>;
  /** Removes those of months ago. */
  expire: () => Promise<void>;
  /** By message id. Throws AppError InvalidContinuationToken. */
  list: (query: {
    maxpagesize?: number | undefined;
    continuationToken?: string | undefined;
  }) => Promise<{ body: z.infer<typeof deadLetterPage> }>;
  /** Error: ResourceNotFound. */
  get: (messageId: string) => Promise<{ body: DeadLetterBody } | AppError>;
  /** Makes due what it was about; repeatable. Errors: ResourceNotFound, NothingToReplay, ServiceBusy. */
  replay: (messageId: string) => Promise<{ body: DeadLetterBody } | AppError>;
};

export type DeadLetterEffects = {
  /** Table `Lists`. */
  lists: RowStore;
  now: () => number;
  publicBaseUrl: string;
  /** Makes due what a lane has left to do; an error of its own where that cannot be. */
  rearmLane: (lane: string) => Promise<undefined | AppError>;
  rearmSubscription: (subscriptionId: string) => Promise<undefined | AppError>;
  /** Tells the operator's own log; the same event when it is told again. */
  publish: (event: { id: string; type: string; occurredAt: string; data: Record<string, unknown> }) => Promise<void>;
};

const toBody = ({ v: _, ...body }: DeadLetter): DeadLetterBody => body;
/** Its id follows from the message's, so that a letter that is taken in twice is told once. */
const toEvent = ({ messageId, queue, reason, buriedAt }: DeadLetter, publicBaseUrl: string) => ({
  id: `evt_${spellId(createHash('sha256').update(`dead-letter|${messageId}`).digest())}`,
  type: 'message.dead_lettered',
  occurredAt: buriedAt,
  data: { queue, messageId, reason, href: `${publicBaseUrl}/api/operator/dead-letters/${messageId}?api-version=${DEFAULT_API_VERSION}` },
});

const notFound = (): AppError => new AppError('ResourceNotFound', { target: 'deadLetter' });

export const makeDeadLetters = ({ lists, now, publicBaseUrl, publish, ...rearm }: DeadLetterEffects): DeadLetters => {
  const read = async (messageId: string) => lists.get(PARTITION, messageId);
  const rearmWhat = async (what: About): Promise<undefined | AppError> => {
    if (what.kind === 'lane') return rearm.rearmLane(what.lane);
    if (what.kind === 'subscription') return rearm.rearmSubscription(what.subscriptionId);
    return new AppError('NothingToReplay');
  };
  return {
    keep: async (letter) => {
      const value: DeadLetter = { v: 1, ...letter, buriedAt: new Date(now()).toISOString() };
      await lists.commit(PARTITION, [{ kind: 'insert', key: letter.messageId, value }]);
      await publish(toEvent(value, publicBaseUrl));
    },
    countWaiting: async () => {
      const rows = await lists.range(PARTITION, IDS.from, IDS.to, MAX_COUNTED);
      const count = rows.filter(({ value }) => (value as DeadLetter).replayedAt === undefined).length;
      return { count, more: rows.length === MAX_COUNTED };
    },
    expire: async () => {
      const rows = await lists.range(PARTITION, IDS.from, IDS.to, MAX_COUNTED);
      const old = rows.filter(({ value }) => Date.parse((value as DeadLetter).buriedAt) < now() - KEEP_MS);
      for (let at = 0; at < old.length; at += MAX_TRANSACTION_ROWS)
        await lists.commit(
          PARTITION,
          old.slice(at, at + MAX_TRANSACTION_ROWS).map(({ key }): RowWrite => ({ kind: 'delete', key })),
        );
    },
    list: async ({ maxpagesize = DEFAULT_PAGE_ITEMS, continuationToken }) => {
      const { after } = pageStart(continuationToken);
      const rows = await lists.range(PARTITION, after === undefined ? IDS.from : `${after}\u0000`, IDS.to, maxpagesize + 1);
      const page = rows.slice(0, maxpagesize);
      const last = page.at(-1);
      const next =
        rows.length > maxpagesize && last
          ? { nextLink: nextLinkTo(publicBaseUrl, 'operator/dead-letters', { maxpagesize }, last.key) }
          : {};
      return { body: { value: page.map(({ value }) => toBody(value as DeadLetter)), ...next } };
    },
    get: async (messageId) => {
      const row = await read(messageId);
      return row ? { body: toBody(row.value as DeadLetter) } : notFound();
    },
    replay: async (messageId) => {
      const row = await read(messageId);
      if (!row) return notFound();
      const letter = row.value as DeadLetter;
      const refused = await rearmWhat(letter.about);
      if (refused) return refused;
      const value: DeadLetter = { ...letter, replayedAt: new Date(now()).toISOString() };
      await lists.commit(PARTITION, [{ kind: 'replace', key: messageId, value, etag: row.etag }]);
      return { body: toBody(value) };
    },
  };
};
