/** What partners ask for: accounts, then orders over a small pool of numbers, so that orders overlap; clients retry until they hear an answer. */
import { createHash } from 'node:crypto';
import type { OperationDraft } from '../../shared/operations/operation-draft.ts';
import type { Host } from './host.ts';
import { anyAlive } from './hosts.ts';
import { laneOf, partnerOf, PARTNERS } from './names.ts';
import { ownContent } from './own-content.ts';
import type { World } from './process.ts';
import type { Random } from './scheduler.ts';

/** `heldForMs`: how long after the start of the world nothing of it may leave. `afterKeys`: asked for only when those are accepted. */
export type PlannedDraft = { atMs: number; draft: OperationDraft; key: string; heldForMs?: number; afterKeys?: string[] };
/** `crowded`: many customers with small orders, who want more requests than there are. `meddling`: when somebody else writes an account. */
export type Workload = { lanes: string[]; drafts: PlannedDraft[]; crowded: boolean; meddling: { atMs: number; account: string }[] };
export type Submitted = { operationId: string; draft: OperationDraft; key: string };

const LONGEST_PAUSE_MS = 120_000;
/** More operations than one look at a lane's backlog covers. */
const MANY_SINGLES = 230;
const BURST_MS = 3_000;
const LONGEST_HOLD_MS = 600_000;
const CROWD = 12;

const draftOf = (account: string, kind: OperationDraft['kind'], numbers: string[], tag: string): OperationDraft => ({
  lane: laneOf(account),
  partner: partnerOf(account),
  customerId: account,
  accountName: account,
  kind,
  numbers,
  payload: { serviceDetails: { tag } },
  view: { tag },
  requestHash: createHash('sha256').update(tag).digest('hex'),
});

/** What is wanted of an account: all of it, sometimes with something gone, or one service of it. */
const accountWish = (random: Random, tag: string): Record<string, unknown> => {
  if (random.chance(0.5)) return { serviceDetails: { [random.chance(0.5) ? 'zoom' : 'oc']: { enabled: random.chance(0.7), tag } } };
  return { correlationId: random.chance(0.5) ? tag : null, serviceDetails: { tag } };
};

const removalOf = (account: string, tag: string, deleteNumbers: boolean): OperationDraft => ({
  ...draftOf(account, 'account', [''], tag),
  sentAs: 'accountDelete',
  payload: { deleteNumbers },
});

/** Sometimes an account is removed and asked for again, and sometimes it is gone in the end. */
const removals = (random: Random, account: string, others: readonly PlannedDraft[]): PlannedDraft[] => {
  const planned: PlannedDraft[] = [];
  if (random.chance(0.3)) {
    const [gone, back] = [`${account}-gone`, `${account}-back`];
    const atMs = random.between(5_000, LONGEST_PAUSE_MS);
    planned.push({ atMs, key: gone, draft: removalOf(account, gone, random.chance(0.7)) });
    const again = { ...draftOf(account, 'account', [''], back), payload: accountWish(random, back) };
    planned.push({ atMs: atMs + random.between(0, 30_000), key: back, draft: again, afterKeys: [gone] });
  }
  if (random.chance(0.2)) {
    const end = `${account}-end`;
    const afterKeys = [...others, ...planned].map(({ key }) => key);
    planned.push({ atMs: LONGEST_PAUSE_MS, key: end, draft: removalOf(account, end, random.chance(0.8)), afterKeys });
  }
  return planned;
};

const onExisting = (random: Random): Pick<OperationDraft, 'onExisting'> => {
  const choice = (['fail', 'skip', 'update'] as const)[random.below(6)];
  return choice === undefined ? {} : { onExisting: choice };
};

/** Some items of some orders fail when the order is accepted, never all. */
const refused = (tag: string, numbers: readonly string[]): Pick<OperationDraft, 'refused'> => {
  const drawn = createHash('sha256').update(`refused ${tag}`).digest();
  const some = (drawn[0] ?? 0) < 50 ? numbers.slice(1).map((_, n): [number, string] => [n + 1, 'NumberNotAllocated']) : [];
  return { refused: Object.fromEntries(some.filter(([place]) => (drawn[place % drawn.length] ?? 0) < 80)) };
};

/** Some orders bring a change of their account along that comes before them. */
const withFirst = (account: string, tag: string): Pick<OperationDraft, 'first'> => {
  const drawn = createHash('sha256').update(`first ${tag}`).digest()[0] ?? 0;
  if (drawn >= 40) return {};
  const first = draftOf(account, 'account', [''], `${tag}-first`);
  return { first: { ...first, payload: { serviceDetails: { ensured: { enabled: true, tag } } } } };
};

const pick = (random: Random, pool: readonly string[], count: number): string[] => {
  const left = [...pool];
  return Array.from({ length: Math.min(count, pool.length) }, () => left.splice(random.below(left.length), 1)[0] ?? '');
};

export const makeWorkload = (random: Random): Workload => {
  const drafts: PlannedDraft[] = [];
  const lanes: string[] = [];
  const meddling: Workload['meddling'] = [];
  const crowded = random.chance(0.1);
  const accounts = crowded ? CROWD : 1 + random.below(3);
  /** Customers of one partner and of two want the same numbers. */
  const rivals = random.chance(0.4);
  for (let a = 0; a < accounts; a++) {
    const account = `${random.chance(0.6) ? PARTNERS[0] : PARTNERS[1]}-c${a}`;
    const singles = !crowded && random.chance(0.2) ? (random.chance(0.15) ? MANY_SINGLES : 40) : 0;
    const pool = Array.from(
      { length: singles === MANY_SINGLES ? 600 : !crowded && random.chance(0.15) ? 260 : 4 + random.below(crowded ? 4 : 30) },
      (_, n) => `441632${(rivals ? 900 : 900 + a).toString()}${(1000 + n).toString()}`,
    );
    lanes.push(laneOf(account));
    const first = random.between(0, 5_000);
    drafts.push({ atMs: first, draft: draftOf(account, 'account', [''], `${account}-0`), key: `${account}-0` });
    const releaseRate = random.chance(0.6) ? 0.3 : 0;
    const holding = random.chance(0.4) ? 0.2 : 0;
    const orders = singles > 0 ? singles : 3 + random.below(8);
    for (let o = 1; o <= orders; o++) {
      const tag = `${account}-${o}`;
      const isAccount = random.chance(singles === MANY_SINGLES ? 0.02 : 0.2);
      const releases = !isAccount && random.chance(releaseRate);
      const size = singles > 0 && o > 1 ? 1 : 1 + random.below(Math.min(pool.length, 260));
      const numbers = isAccount ? [''] : pick(random, pool, size);
      const draft = draftOf(account, isAccount ? 'account' : 'numbers', numbers, tag);
      drafts.push({
        atMs: first + 1_000 + random.between(0, singles === MANY_SINGLES ? BURST_MS : LONGEST_PAUSE_MS),
        draft: isAccount
          ? { ...draft, payload: accountWish(random, tag) }
          : {
              ...draft,
              ...(releases
                ? { sentAs: 'release' }
                : {
                    ...onExisting(random),
                    ...refused(tag, numbers),
                    ...ownContent(tag, numbers),
                    ...(singles > 0 ? {} : withFirst(account, tag)),
                  }),
            },
        key: tag,
        ...(!isAccount && random.chance(holding) ? { heldForMs: random.between(0, LONGEST_HOLD_MS) } : {}),
      });
    }
    drafts.push(
      ...removals(
        random,
        account,
        drafts.filter(({ draft }) => draft.accountName === account),
      ),
    );
    for (let left = random.below(6); left > 0; left--) meddling.push({ atMs: random.between(0, 2 * LONGEST_PAUSE_MS), account });
  }
  return { lanes, drafts, crowded, meddling };
};

const ANSWER_WAIT_MS = 15_000;

/** Asks hosts in turn, with the same key, until one says that it is accepted. Sometimes asks once more than needed. */
export const runClient = (
  world: World,
  hosts: readonly Host[],
  { atMs, draft: planned, key, heldForMs, afterKeys = [] }: PlannedDraft,
  submitted: Submitted[],
  onFault: (error: unknown) => void,
): void => {
  const { scheduler, random } = world;
  const draft = heldForMs === undefined ? planned : { ...planned, notBeforeMs: scheduler.now() + heldForMs };
  let heard = false;
  const ask = (): void => {
    if (heard) return;
    const host = anyAlive(world, hosts);
    scheduler.after(ANSWER_WAIT_MS, ask);
    if (!host || !afterKeys.every((wanted) => submitted.some((one) => one.key === wanted))) return;
    const scope = { partner: draft.partner, method: 'POST', path: draft.lane, key };
    host.accept(draft, scope).then((accepted) => {
      if (accepted.kind !== 'accepted') return;
      submitted.push({ operationId: accepted.operation.id, draft, key });
      if (heard) submitted.pop();
      heard = true;
    }, onFault);
    if (random.chance(0.1)) host.accept(draft, scope).catch(onFault);
  };
  scheduler.after(atMs, ask);
};
