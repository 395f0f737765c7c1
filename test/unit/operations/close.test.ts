import { describe, expect, it } from 'vitest';
import type { OperationDraft } from '../../../shared/operations/operation-draft.ts';
import { close, type SplitParts } from '../../../shared/operations/close.ts';
import type { AccountLane, Batch, Verdict } from '../../../shared/operations/model.ts';
import { decide, type Decision } from '../../../shared/operations/outcome.ts';
import { makeNumberIndex } from '../../../shared/operations/number-index.ts';
import { screenLane } from '../../../shared/operations/screen-lane.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { worldWithAccount } from './lane-world.ts';
import { batchOf, digitsAt, digitsFrom, LANE, laneOf, NOW_MS, rowOf } from './samples.ts';

const LATER_MS = NOW_MS + 5_000;
const parts: SplitParts = { pair: () => ({ id: 'new', firstSent: 'then' }), hashOf: () => 'part' };
const lane = laneOf({ batches: 1, unsent: 0, flying: [{ n: 1, notBeforeMs: NOW_MS + 100_000 }] });
const REFUSED = { kind: 'answer', status: 400, body: { error: { code: 'Bad', message: 'No.' } } } as const;
const submitted: Verdict = { to: 'submitted', executed: true };

const closed = (batch: Batch, decision: Decision, on: AccountLane = lane) => {
  const result = close(on, rowOf(batch), batch.epoch, decision, parts, LATER_MS);
  if (!result) throw new Error('not closed');
  return result;
};
const written = ({ writes }: ReturnType<typeof closed>): Batch[] =>
  writes.flatMap((write) => (write.kind === 'delete' ? [] : [write.value as Batch]));

describe('an answer that comes too late', () => {
  const decision = decide(batchOf([digitsAt(0)]), REFUSED);

  it('changes nothing when the batch was claimed anew since', () => {
    expect(close(lane, rowOf(batchOf([digitsAt(0)], { epoch: 2 })), 1, decision, parts, LATER_MS)).toBeUndefined();
  });

  it('changes nothing when the batch was answered already', () => {
    expect(close(lane, rowOf(batchOf([digitsAt(0)], { phase: 'answered' })), 1, decision, parts, LATER_MS)).toBeUndefined();
  });

  it('leaves the batch to its new holder, all the way through', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    const late = await world.claimBatch();
    world.moveClock(100_000);
    const current = await world.claimBatch();
    expect(await world.answer(late, 'synced')).toBe(false);
    expect(await world.answer(current, 'failed')).toBe(true);
    expect(await world.answer(current, 'synced')).toBe(false);
  });
});

describe('a batch with verdicts', () => {
  it('lands, to be folded at once', () => {
    const result = closed(batchOf([digitsAt(0)]), { kind: 'verdicts', verdicts: [[0, submitted]] });
    expect(result.lane).toMatchObject({ flying: [], answered: [1], due: { fold: LATER_MS } });
    expect(written(result)).toMatchObject([{ n: 1, phase: 'answered', verdicts: [[0, submitted]] }]);
  });
});

describe('a batch to be sent again', () => {
  it('keeps its pair and waits as long as it was told', () => {
    const result = closed(batchOf([digitsAt(0)]), { kind: 'again', afterMs: 7_000, ambiguous: true, newPair: false, setback: false });
    expect(result.lane.flying).toEqual([{ n: 1, notBeforeMs: LATER_MS + 7_000, why: 'quarantine' }]);
    expect(result.lane.due.apply).toBe(LATER_MS + 7_000);
    expect(written(result)).toMatchObject([{ pair: { id: 'pair-0' }, ambiguous: true, unheard: false, setbacks: 0, epoch: 1 }]);
  });

  it('stays ambiguous once it was', () => {
    const again = { kind: 'again', afterMs: 0, ambiguous: false, newPair: false, setback: true } as const;
    expect(written(closed(batchOf([digitsAt(0)], { ambiguous: true }), again))).toMatchObject([{ ambiguous: true, setbacks: 1 }]);
  });

  it('gets a new pair where the old one was used up', () => {
    const again = { kind: 'again', afterMs: 0, ambiguous: false, newPair: true, setback: true } as const;
    expect(written(closed(batchOf([digitsAt(0)]), again))).toMatchObject([{ pair: { id: 'new' }, setbacks: 1 }]);
  });

  it('waits out its quarantine: the time that was set when it was claimed', () => {
    const result = closed(batchOf([digitsAt(0)]), { kind: 'quarantine' });
    expect(result.lane.flying).toEqual(lane.flying.map((batch) => ({ ...batch, why: 'quarantine' })));
    expect(written(result)).toMatchObject([{ ambiguous: true, unheard: false }]);
  });

  it('is read back at once where only the stored content can tell', () => {
    const result = closed(batchOf([digitsAt(0)]), { kind: 'readBack' });
    expect(result.lane.flying).toEqual([{ n: 1, notBeforeMs: LATER_MS }]);
    expect(written(result)).toMatchObject([{ readBack: true, ambiguous: true }]);
  });
});

describe('a batch in halves', () => {
  it('becomes two batches of their own that anybody may send at once', () => {
    const whole = batchOf(digitsFrom(0, 3));
    const result = closed(whole, decide(whole, REFUSED));
    expect(written(result)).toMatchObject([
      { n: 2, members: whole.members.slice(0, 2), pair: { id: 'new' }, bodyHash: 'part', epoch: 0, unheard: false },
      { n: 3, members: whole.members.slice(2) },
    ]);
    expect(result.writes.filter((write) => write.kind === 'delete')).toHaveLength(1);
    expect(result.lane).toMatchObject({ batches: 3, flying: [2, 3].map((n) => ({ n, notBeforeMs: LATER_MS })), extra: { 2: 2 } });
  });

  /** Requests that an order costs, when upstream refuses every batch that holds one of `bad`, and what is left when nothing can be sent. */
  const sendAll = async (numbers: readonly string[], bad: ReadonlySet<string>, more: Partial<OperationDraft> = {}) => {
    const world = await worldWithAccount();
    const { id } = await world.order(numbers, more);
    const index = makeNumberIndex({ table: memoryRowStore(), sleep: () => Promise.resolve(), random: () => 0 });
    let requests = 0;
    for (;;) {
      await screenLane({ ...world.step, index }, LANE, 1, new Set());
      const next = await world.claimNext();
      if (next.kind !== 'claimed') break;
      requests++;
      if (next.batch.members.some((member) => bad.has(member.digits))) await world.conclude(next.batch, decide(next.batch, REFUSED));
      else await world.answer(next.batch, 'synced');
      await world.fold();
    }
    return { requests, order: await world.lanes.readOperation(id) };
  };

  it('finds one culprit of 100 with 14 extra requests', async () => {
    const { requests, order } = await sendAll(digitsFrom(0, 100), new Set([digitsAt(0)]));
    expect(requests).toBeLessThanOrEqual(15);
    expect(order?.counts).toMatchObject({ succeeded: 99, failed: 1 });
  });

  it('finds two culprits in different halves', async () => {
    const { requests, order } = await sendAll(digitsFrom(0, 100), new Set([digitsAt(3), digitsAt(77)]));
    expect(requests).toBeLessThanOrEqual(27);
    expect(order?.counts).toMatchObject({ succeeded: 98, failed: 2 });
  });

  it('ends an order of 10,000 that is bad throughout after a few requests, the rest of it unsent', async () => {
    const all = digitsFrom(0, 10_000);
    const { requests, order } = await sendAll(all, new Set(all));
    expect(requests).toBeLessThanOrEqual(9);
    expect(order).toMatchObject({ state: 'Failed', counts: { failed: 10_000 }, failures: { UpstreamRejected: 10_000 } });
  });

  it('sends the rest of an order with settings of single numbers, whatever was refused first', async () => {
    const all = digitsFrom(0, 400);
    const own = { payloads: new Map([[399, { configuration: { customSipHeader: 'good' } }]]), references: new Map<number, string>() };
    const { requests, order } = await sendAll(all, new Set(all.slice(0, 300)), { own });
    expect(requests).toBeLessThanOrEqual(34);
    expect(order?.counts).toMatchObject({ succeeded: 100, failed: 300 });
  });

  it('costs an order no more than 30 extra requests, after which the rest fails', async () => {
    const world = await worldWithAccount();
    const order = await world.order(digitsFrom(0, 100));
    let requests = 0;
    for (let next = await world.claimNext(); next.kind === 'claimed'; next = await world.claimNext()) {
      requests++;
      await world.conclude(next.batch, decide(next.batch, REFUSED));
      await world.fold();
    }
    expect(requests).toBeLessThanOrEqual(31);
    expect(await world.lanes.readOperation(order.id)).toMatchObject({ state: 'Failed', failures: { UpstreamRejected: 100 } });
    expect((await world.lane()).extra).toEqual({});
  });

  it('never asks for the 31st', () => {
    const whole = batchOf(digitsFrom(0, 3));
    const result = closed(whole, decide(whole, REFUSED), { ...lane, extra: { 2: 29 } });
    expect(written(result)).toMatchObject([{ n: 1, phase: 'answered' }]);
    expect(written(result)[0]?.verdicts).toHaveLength(3);
  });
});

describe('a batch that was read back', () => {
  const readBack = { kind: 'sendRest', verdicts: [[0, submitted]], rest: [1, 2] } satisfies Decision;

  it('lets go of what is proven and sends the rest under a pair of its own', () => {
    const whole = batchOf(digitsFrom(0, 3), { ambiguous: true, readBack: true });
    const result = closed(whole, readBack);
    expect(written(result)).toMatchObject([
      { n: 1, phase: 'answered', verdicts: [[0, submitted]] },
      { n: 2, members: whole.members.slice(1), pair: { id: 'new' }, readBack: false, ambiguous: true },
    ]);
    expect(result.lane).toMatchObject({ answered: [1], flying: [{ n: 2 }], extra: {} });
  });

  it('keeps the place of the rest before everything accepted later', async () => {
    const world = await worldWithAccount();
    await world.order(digitsFrom(0, 3));
    await world.order(digitsFrom(1, 1));
    const whole = await world.claimBatch();
    await world.conclude(whole, readBack);
    await world.fold();
    const rest = await world.claimBatch();
    expect(rest.members.map(({ op, digits }) => [op, digits])).toEqual([
      [2, digitsAt(1)],
      [2, digitsAt(2)],
    ]);
    expect((await world.claimNext()).kind).toBe('blocked');
  });

  it('is over when all of it is proven', () => {
    const result = closed(batchOf([digitsAt(0)]), { kind: 'sendRest', verdicts: [[0, submitted]], rest: [] });
    expect(result.lane).toMatchObject({ answered: [1], flying: [], batches: 1 });
  });
});
