import { describe, expect, it } from 'vitest';
import { makeAcceptOperation, makeFindRepeat } from '../../../shared/operations/accept-operation.ts';
import { makeIdempotencyKeys, type KeyScope } from '../../../shared/operations/idempotency-keys.ts';
import { makeLaneStore } from '../../../shared/operations/lane-store.ts';
import type { RowStore, RowWrite } from '../../../shared/platform/tables/row-store.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { accountDraft, digitsFrom, LANE, NOW_MS, numbersDraft } from './samples.ts';

const SCOPE: KeyScope = { partner: 'acme', method: 'POST', path: 'number-orders', key: 'po-1' };
const DRAFT = numbersDraft(digitsFrom(0, 2));

type Commit = RowStore['commit'];
/** `commitAs` may answer a commit in the store's place. */
const acceptWorld = (
  commitAs: (commit: Commit, partition: string, writes: readonly RowWrite[]) => ReturnType<Commit> | undefined = () => undefined,
) => {
  const memory = memoryRowStore();
  const state: RowStore = {
    ...memory,
    commit: (partition, writes) => commitAs(memory.commit, partition, writes) ?? memory.commit(partition, writes),
  };
  const lanes = makeLaneStore(state);
  let sleptMs = 0;
  let ids = 0;
  const woken: string[] = [];
  const now = (): number => NOW_MS + sleptMs;
  const keys = makeIdempotencyKeys(memoryRowStore(), async (id) => (await lanes.readOperation(id)) !== undefined, now);
  const accept = makeAcceptOperation({
    lanes,
    keys,
    now,
    sleep: async (ms) => void (sleptMs += ms),
    random: () => 1,
    newId: () => `id${++ids}`,
    wakeLane: async (lane) => void woken.push(lane),
  });
  return { accept, lanes, woken, findRepeat: makeFindRepeat({ keys, lanes }), sleptMs: () => sleptMs };
};

const acceptedId = async (accepting: ReturnType<ReturnType<typeof acceptWorld>['accept']>): Promise<string> => {
  const accepted = await accepting;
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  return accepted.operation.id;
};

describe('taking an operation in', () => {
  it('stores it and wakes its lane', async () => {
    const { accept, lanes, woken } = acceptWorld();
    await accept(accountDraft());
    const id = await acceptedId(accept(DRAFT));
    expect(await lanes.readOperation(id)).toMatchObject({ seq: 2, counts: { total: 2 } });
    expect(woken).toEqual([LANE, LANE]);
  });

  it('tells that there is no such customer, and wakes nobody', async () => {
    const { accept, woken } = acceptWorld();
    expect(await accept(DRAFT)).toEqual({ kind: 'noLane' });
    expect(woken).toEqual([]);
  });

  it('gives a repeat of a key the operation as it is now', async () => {
    const { accept, lanes, findRepeat } = acceptWorld();
    await accept(accountDraft());
    const id = await acceptedId(accept(DRAFT, SCOPE));
    expect(await accept(DRAFT, SCOPE)).toMatchObject({ kind: 'accepted', replayed: true, operation: { id } });
    expect(await findRepeat(SCOPE, DRAFT.requestHash)).toMatchObject({ kind: 'accepted', replayed: true, operation: { id } });
    expect((await lanes.readLane(LANE))?.value.accepted).toBe(2);
  });

  it('refuses a key that was used with another body', async () => {
    const { accept, findRepeat } = acceptWorld();
    await accept(accountDraft());
    await accept(DRAFT, SCOPE);
    expect(await accept({ ...DRAFT, requestHash: 'other' }, SCOPE)).toEqual({ kind: 'keyReused' });
    expect(await findRepeat(SCOPE, 'other')).toEqual({ kind: 'keyReused' });
  });

  it('makes one operation of a key that came twice at the same time', async () => {
    const { accept, lanes } = acceptWorld();
    await accept(accountDraft());
    const ids = await Promise.all([acceptedId(accept(DRAFT, SCOPE)), acceptedId(accept(DRAFT, SCOPE))]);
    expect(ids[0]).toBe(ids[1]);
    expect((await lanes.readLane(LANE))?.value.accepted).toBe(2);
  });
});

describe('an operation for one number alone', () => {
  const alone = (onlyIf: () => Promise<boolean>) => ({ ...numbersDraft(digitsFrom(0, 1)), alone: { onlyIf } });

  it('stores nothing and wakes nobody when its condition does not hold', async () => {
    const { accept, lanes, woken } = acceptWorld();
    await accept(accountDraft());
    expect(await accept(alone(() => Promise.resolve(false)))).toEqual({ kind: 'conditionFailed' });
    expect([(await lanes.readLane(LANE))?.value.accepted, woken.length]).toEqual([1, 1]);
  });

  it('has its condition looked at again when the lane has moved meanwhile', async () => {
    const { accept, lanes } = acceptWorld();
    await accept(accountDraft());
    const onlyIf = async (): Promise<boolean> => {
      const holds = (await lanes.readLane(LANE))?.value.accepted === 1;
      if (holds) await accept(DRAFT);
      return holds;
    };
    expect(await accept(alone(onlyIf))).toEqual({ kind: 'conditionFailed' });
    expect((await lanes.readLane(LANE))?.value.accepted).toBe(2);
  });

  it('is accepted when its answer was lost, though its own doing has made its condition untrue', async () => {
    let losing = false;
    const { accept, lanes } = acceptWorld((commit, partition, writes) =>
      losing ? commit(partition, writes).then(() => ((losing = false), { outcome: 'conflict' })) : undefined,
    );
    await accept(accountDraft());
    losing = true;
    const accepted = await accept(alone(async () => (await lanes.readLane(LANE))?.value.accepted === 1));
    expect(accepted).toMatchObject({ kind: 'accepted', replayed: false, operation: { seq: 2 } });
  });
});

describe('a contended lane', () => {
  it('takes everybody in, in some order, when 15 come at once', async () => {
    const { accept, lanes } = acceptWorld();
    await accept(accountDraft());
    const all = await Promise.all(Array.from({ length: 15 }, () => accept(DRAFT)));
    expect(all.map(({ kind }) => kind)).toEqual(all.map(() => 'accepted'));
    expect((await lanes.readLane(LANE))?.value.accepted).toBe(16);
  });

  it('is given up after 20 lost races, within five seconds, with nothing stored', async () => {
    let commits = 0;
    const { accept, lanes, woken, sleptMs } = acceptWorld((_, __, writes) => {
      if (writes.every(({ key }) => !key.startsWith('seg|'))) return undefined;
      commits++;
      return Promise.resolve({ outcome: 'conflict' });
    });
    expect(await accept(accountDraft())).toEqual({ kind: 'busy' });
    expect(commits).toBe(20);
    expect(sleptMs()).toBeLessThanOrEqual(5_000);
    expect([await lanes.readLane(LANE), woken]).toEqual([undefined, []]);
  });

  it('does not hide an acceptance whose answer was lost', async () => {
    let lost = false;
    const { accept, lanes, woken } = acceptWorld((commit, partition, writes) => {
      if (lost) return undefined;
      lost = true;
      return commit(partition, writes).then(() => ({ outcome: 'conflict' }));
    });
    expect(await accept(accountDraft())).toMatchObject({ kind: 'accepted', replayed: false });
    expect((await lanes.readLane(LANE))?.value.accepted).toBe(1);
    expect(woken).toEqual([LANE]);
  });

  it('finds its key again after a crash between key and operation', async () => {
    let down = true;
    const { accept, lanes } = acceptWorld((_, __, writes) =>
      down && writes.some(({ key }) => key.startsWith('seg|') && !key.endsWith('|0000000001|00'))
        ? Promise.reject(new Error('down'))
        : undefined,
    );
    await accept(accountDraft());
    await expect(accept(DRAFT, SCOPE)).rejects.toThrow('down');
    down = false;
    const id = await acceptedId(accept(DRAFT, SCOPE));
    expect(await acceptedId(accept(DRAFT, SCOPE))).toBe(id);
    expect((await lanes.readLane(LANE))?.value.accepted).toBe(2);
  });
});
