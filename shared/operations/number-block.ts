/** Pure: what is known of each number of an account, a hundred numbers to a row (ADR 0022). */
import type { Row } from '../platform/tables/row-store.ts';
import type { AccountState, BatchKind, Member, Verdict } from './model.ts';

/**
 * `pending`: upstream took the content and synchronises it. `synced`, `failed`: what came of that. `leaving`: upstream was asked to
 * release it. `unsure`: a request that was refused in the end may have been executed before.
 */
export type NumberState = 'pending' | 'synced' | 'failed' | 'leaving' | 'unsure';

export type NumberRecord = {
  /** The item whose content upstream holds or takes: its operation has the settings, its segment the backend's errors. */
  op: number;
  seg: number;
  item: number;
  state: NumberState;
  /** The operation that decided the state; only later ones change it. */
  by: number;
  since: string;
  /** What upstream showed since, when somebody asked for it. */
  seen?: { at: string; resource: Record<string, unknown> };
  /** The assignments that upstream showed last, by service. */
  assigned?: Readonly<Record<string, string>>;
  /** As upstream showed it: no item of an operation put this. */
  adopted?: Record<string, unknown>;
};

export type KnownNumber = NumberRecord & { digits: string };

/** Row `num|<lane>|<digits without the last two>`; the members are named by the last two digits. A number that is gone has none. */
export type NumberBlock = { v: 1; numbers: Record<string, NumberRecord> };

const LAST_DIGITS = 2;
export const blockOf = (digits: string): string => digits.slice(0, -LAST_DIGITS);
const placeOf = (digits: string): string => digits.slice(-LAST_DIGITS);

/** The account's last removal ended whatever was known before; those records stay in their rows until others take their places. */
export type LastRemoval = Pick<AccountState, 'removedSeq'>;
const isOver = ({ by }: NumberRecord, { removedSeq = 0 }: LastRemoval): boolean => by <= removedSeq;

/** What is known of the number since its account was last removed. */
export const recordOf = (block: NumberBlock | undefined, digits: string, account: LastRemoval): NumberRecord | undefined => {
  const record = block?.numbers[placeOf(digits)];
  return record && !isOver(record, account) ? record : undefined;
};

/** The numbers of a block that are known since the account was last removed, with their digits, in order. */
export const knownIn = (start: string, block: NumberBlock, account: LastRemoval): [string, NumberRecord][] =>
  recordsOf(start, block).filter(([, record]) => !isOver(record, account));

/** Every number of a block with its digits, in order, whether or not its account was removed since. */
export const recordsOf = (start: string, block: NumberBlock): [string, NumberRecord][] =>
  Object.entries(block.numbers)
    .map(([end, record]): [string, NumberRecord] => [start + end, record])
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** What a verdict makes of the number; `gone` when it is no longer there, undefined when it says nothing of what upstream holds. */
const toState = (kind: BatchKind, { to, executed, error }: Verdict): NumberState | 'gone' | undefined => {
  if (!executed || to === 'superseded') return undefined;
  if (to === 'failed' && error?.code === 'NumberGone') return 'gone';
  if (to === 'failed') return error?.code === 'UpstreamSyncFailed' ? 'failed' : 'unsure';
  if (kind === 'release') return to === 'succeeded' ? 'gone' : 'leaving';
  return to === 'succeeded' ? 'synced' : 'pending';
};

/** Where its content is, or the content itself. */
const contentOf = ({ op, seg, item, adopted }: NumberRecord) => ({ op, seg, item, ...(adopted ? { adopted } : {}) });

/** Blocks by `blockOf`, as read. */
export type NumberBlocks = ReadonlyMap<string, Row<NumberBlock>>;

/** The same over the blocks of several numbers. */
export const recordIn = (blocks: NumberBlocks, digits: string, account: LastRemoval): NumberRecord | undefined =>
  recordOf(blocks.get(blockOf(digits))?.value, digits, account);

/** Those of `digits` that are known, in their order. */
export const knownAmong = (blocks: NumberBlocks, digits: readonly string[], account: LastRemoval): KnownNumber[] =>
  digits.flatMap((one) => {
    const record = recordIn(blocks, one, account);
    return record ? [{ digits: one, ...record }] : [];
  });

const withRecord = (block: NumberBlock | undefined, digits: string, record: NumberRecord): NumberBlock => ({
  v: 1,
  numbers: { ...block?.numbers, [placeOf(digits)]: record },
});

const without = (block: NumberBlock | undefined, digits: string): NumberBlock['numbers'] => {
  const { [placeOf(digits)]: _, ...others } = block?.numbers ?? {};
  return others;
};

/** The block after a verdict on one of its numbers, or undefined when nothing of it changes. */
export const movedBlock = (
  block: NumberBlock | undefined,
  account: LastRemoval,
  kind: BatchKind,
  { op, seg, item, digits }: Member,
  verdict: Verdict,
  nowMs: number,
): NumberBlock | undefined => {
  const state = toState(kind, verdict);
  const old = recordOf(block, digits, account);
  // Releasing a number that nobody here has put makes it no better known.
  if (state === undefined || (old ? old.by > op : kind === 'release')) return undefined;
  if (state === 'gone') return { v: 1, numbers: without(block, digits) };
  // What leaves keeps the content it had.
  const content = kind === 'release' && old ? contentOf(old) : { op, seg, item };
  const record: NumberRecord = { ...content, state, by: op, since: new Date(nowMs).toISOString() };
  return withRecord(block, digits, record);
};

export const isEmpty = (block: NumberBlock): boolean => Object.keys(block.numbers).length === 0;

/** The block with what upstream showed of one number; undefined when that says nothing of the number as it is known. */
export const seenBlock = (
  block: NumberBlock | undefined,
  record: NumberRecord | undefined,
  digits: string,
  seen: NonNullable<NumberRecord['seen']>,
  assigned: NonNullable<NumberRecord['assigned']>,
): NumberBlock | undefined => {
  // What waits for upstream, or leaves, may be shown as it was before.
  if (record?.state !== 'synced') return undefined;
  return withRecord(block, digits, { ...record, seen, assigned });
};

/** The block with the assignments that upstream showed of one of its numbers. */
export const assignedBlock = (
  block: NumberBlock | undefined,
  record: NumberRecord,
  digits: string,
  assigned: NonNullable<NumberRecord['assigned']>,
): NumberBlock => withRecord(block, digits, { ...record, assigned });

/** The block with these numbers as upstream showed them; null for one that is not there. What was decided by an operation after `by` stays. */
export const adoptedBlock = (
  block: NumberBlock | undefined,
  shown: readonly { digits: string; as: { state: NumberState; content: Record<string, unknown> } | null }[],
  by: number,
  nowMs: number,
): NumberBlock => {
  const numbers = { ...block?.numbers };
  for (const { digits, as } of shown) {
    if ((numbers[placeOf(digits)]?.by ?? 0) > by) continue;
    if (as)
      numbers[placeOf(digits)] = {
        op: by,
        seg: 0,
        item: 0,
        state: as.state,
        by,
        since: new Date(nowMs).toISOString(),
        adopted: as.content,
      };
    else Reflect.deleteProperty(numbers, placeOf(digits));
  }
  return { v: 1, numbers };
};
