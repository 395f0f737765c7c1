import { describe, expect, it } from 'vitest';
import { accept } from '../../../shared/operations/accept.ts';
import type { AccountLane, Counts, ItemState, Operation, Segment, Verdict } from '../../../shared/operations/model.ts';
import { errorOf, stateOf, withItem } from '../../../shared/operations/segment.ts';
import { applyVerdicts, isTerminal, segmentId, stateFor, type Change, type OperationRows } from '../../../shared/operations/verdict.ts';
import { accountDraft, digitsFrom, laneOf, membersOf, NOW_MS, numbersDraft, rowOf } from './samples.ts';

const LATER_MS = NOW_MS + 1_000;
const counts = (some: Partial<Counts>): Counts => {
  const all = { pending: 0, submitted: 0, succeeded: 0, failed: 0, superseded: 0, skipped: 0, canceled: 0, ...some };
  return { ...all, total: Object.values(all).reduce((sum, n) => sum + n, 0) };
};
const describeEnd = ({ id, state }: Operation) => ({ type: state === 'Running' ? 'started' : 'ended', data: { id, state } });

const operationRows = (operation: Operation, segment: Segment): OperationRows => ({
  operations: new Map([[operation.seq, rowOf(operation)]]),
  segments: new Map([[segmentId(operation.seq, 0), rowOf(segment)]]),
  blocks: new Map(),
});

/** Operation 2, of as many numbers as there are states. */
const operationOf = (states: readonly ItemState[]): { operation: Operation; segment: Segment } => {
  const { operation, writes } = accept(rowOf(laneOf()), numbersDraft(digitsFrom(0, states.length)), 'op-2', NOW_MS);
  const stored = writes.find(({ key }) => key.startsWith('seg|'));
  if (stored?.kind !== 'insert') throw new Error('no segment');
  const tally = (state: ItemState): number => states.filter((one) => one === state).length;
  const moved = Object.fromEntries((Object.keys(operation.counts) as ItemState[]).map((state) => [state, tally(state)]));
  const segment = states.reduce((all, state, item) => withItem(all, item, state), stored.value as Segment);
  return { operation: { ...operation, counts: { ...operation.counts, ...moved, total: states.length } }, segment };
};

const changesTo = (verdicts: readonly Verdict[]): Change[] => {
  const members = membersOf(digitsFrom(0, verdicts.length));
  return verdicts.flatMap((verdict, index) => (members[index] ? [{ n: 1, index, member: members[index], verdict }] : []));
};

/** When an order has begun that goes on here. */
const BEGUN = new Date(NOW_MS).toISOString();

const applied = (states: readonly ItemState[], verdicts: readonly Verdict[], lane: AccountLane = laneOf(), startedAt?: string) => {
  const made = operationOf(states);
  const { segment } = made;
  const operation: Operation = { ...made.operation, ...(startedAt === undefined ? {} : { startedAt }) };
  const result = applyVerdicts(lane, operationRows(operation, segment), changesTo(verdicts), describeEnd, LATER_MS);
  const valueAt = (prefix: string): unknown => {
    const write = result.writes.find(({ key }) => key.startsWith(prefix));
    return write && 'value' in write ? write.value : undefined;
  };
  return {
    ...result,
    operation: valueAt('op|') as Operation | undefined,
    segment: valueAt('seg|') as Segment | undefined,
    event: valueAt('evt|'),
    told: result.writes.flatMap((write) =>
      write.key.startsWith('evt|') && 'value' in write ? [(write.value as { type: string }).type] : [],
    ),
  };
};

const to = (state: Verdict['to'], code?: string): Verdict => ({
  to: state,
  executed: true,
  ...(code === undefined ? {} : { error: { code } }),
});

describe('the state that counts spell', () => {
  it.each([
    ['NotStarted', { pending: 3 }, false],
    ['Running', { pending: 3 }, true],
    ['Running', { succeeded: 2, submitted: 1 }, true],
    ['Running', { failed: 2, pending: 1 }, true],
    ['Succeeded', { succeeded: 3 }, true],
    ['Succeeded', { succeeded: 1, superseded: 1, skipped: 1 }, true],
    ['Succeeded', { superseded: 3 }, true],
    ['Failed', { failed: 3 }, true],
    ['Failed', { failed: 2, canceled: 1 }, true],
    ['PartiallySucceeded', { failed: 1, succeeded: 2 }, true],
    ['PartiallySucceeded', { failed: 1, superseded: 2 }, true],
    ['PartiallySucceeded', { canceled: 1, succeeded: 2 }, true],
    ['Canceled', { canceled: 3 }, true],
  ] as const)('is %s for %j', (state, some, started) => {
    expect(stateFor(counts(some), started)).toBe(state);
  });
});

describe('an item', () => {
  const ENDS: ItemState[] = ['succeeded', 'failed', 'superseded', 'skipped', 'canceled'];
  const NEWS: Verdict['to'][] = ['submitted', 'succeeded', 'failed', 'superseded'];

  it.each(ENDS.flatMap((from) => NEWS.map((news) => [from, news] as const)))('that is %s never becomes %s', (from, news) => {
    const lane = laneOf();
    expect(applied([from], [to(news)], lane)).toMatchObject({ lane, writes: [] });
  });

  it('that is submitted does not count twice when it is told again', () => {
    expect(applied(['submitted'], [to('submitted')], laneOf({ waiting: 1 }))).toMatchObject({ writes: [], lane: { waiting: 1 } });
  });

  it('moves once when the same transaction brings two verdicts for it', () => {
    const [first] = changesTo([to('succeeded')]);
    if (!first) throw new Error('no change');
    const { operation, segment } = operationOf(['pending']);
    const twice = [first, { ...first, verdict: to('failed', 'Late') }];
    const { writes } = applyVerdicts(laneOf(), operationRows(operation, segment), twice, describeEnd, LATER_MS);
    expect(writes.find(({ key }) => key.startsWith('op|'))).toMatchObject({ value: { state: 'Succeeded', failures: {} } });
  });

  it('keeps its error beside its state', () => {
    const { segment } = applied(['pending', 'pending'], [to('failed', 'A'), to('succeeded')]);
    expect(segment && [0, 1].map((item) => [stateOf(segment, item), errorOf(segment, item)])).toEqual([
      ['failed', { code: 'A' }],
      ['succeeded', undefined],
    ]);
  });
});

describe('an operation', () => {
  it('runs from its first verdict on, and says so in the same transaction', () => {
    const { operation, told, lane } = applied(['pending', 'pending'], [to('submitted')]);
    expect(operation).toMatchObject({ state: 'Running', counts: { pending: 1, submitted: 1 }, unsent: [1] });
    expect(operation?.startedAt).toBe(new Date(LATER_MS).toISOString());
    expect([told, operation?.finishedAt, lane.events, lane.waiting]).toEqual([['started'], undefined, 1, 1]);
  });

  it('says once that it has begun', () => {
    expect(applied(['submitted', 'pending'], [to('succeeded')], laneOf({ waiting: 1 }), BEGUN).told).toEqual([]);
  });

  it('says that it has begun before it says that it has ended, where both are one step', () => {
    expect(applied(['pending', 'pending'], [to('succeeded'), to('failed', 'A')]).told).toEqual(['started', 'ended']);
  });

  it('that is canceled before anything of it was sent never began', () => {
    const canceled: Verdict = { to: 'canceled', executed: false };
    const { told, operation } = applied(['pending', 'pending'], [canceled, canceled]);
    expect([told, operation?.startedAt]).toEqual([['ended'], undefined]);
  });

  it('ends with its event in the same transaction', () => {
    const [verdict, before] = [to('failed', 'UpstreamRejected'), laneOf({ waiting: 1 })];
    const { operation, event, lane } = applied(['submitted', 'succeeded'], [verdict], before, BEGUN);
    expect(operation).toMatchObject({ state: 'PartiallySucceeded', finishedAt: new Date(LATER_MS).toISOString() });
    expect(event).toMatchObject({ type: 'ended', data: { id: 'op-2', state: 'PartiallySucceeded' }, partner: 'acme' });
    expect(lane).toMatchObject({ events: 1, waiting: 0, due: { publish: LATER_MS } });
  });

  it('counts its failures by code', () => {
    const verdicts = [to('failed', 'A'), to('failed', 'A'), to('failed', 'B'), to('succeeded')];
    expect(applied(['pending', 'submitted', 'pending', 'pending'], verdicts).operation?.failures).toEqual({ A: 2, B: 1 });
  });

  it('never changes once it has ended', () => {
    const ended = operationOf(['succeeded', 'failed']);
    const operation: Operation = { ...ended.operation, state: 'PartiallySucceeded' };
    expect(isTerminal(operation.state)).toBe(true);
    const { writes } = applyVerdicts(
      laneOf(),
      operationRows(operation, ended.segment),
      changesTo([to('failed'), to('succeeded')]),
      describeEnd,
      LATER_MS,
    );
    expect(writes).toEqual([]);
  });

  it('that was not read is a fault, not silence', () => {
    const none = { operations: new Map(), segments: new Map(), blocks: new Map() };
    expect(() => applyVerdicts(laneOf(), none, changesTo([to('succeeded')]), describeEnd, LATER_MS)).toThrow('was not read');
  });
});

describe('the account as partners see it', () => {
  const accountNews = (lane: AccountLane, verdict: Verdict) => {
    const { operation, writes } = accept(undefined, accountDraft(), 'op-account', NOW_MS);
    const segment = writes.find(({ key }) => key.startsWith('seg|'));
    const rows = operationRows(operation, (segment && 'value' in segment ? segment.value : undefined) as Segment);
    const change: Change = { n: 1, index: 0, member: { op: 1, seg: 0, item: 0, digits: '' }, verdict };
    return applyVerdicts(lane, rows, [change], describeEnd, LATER_MS).lane.account;
  };

  it('is there as soon as upstream has taken it, whatever comes of it', () => {
    expect(accountNews(laneOf(), to('submitted'))).toMatchObject({ exists: true, status: 'Pending' });
    expect(accountNews(laneOf(), to('failed', 'Bad'))).toMatchObject({ exists: true, status: 'Failed', errors: [{ code: 'Bad' }] });
    expect(accountNews(laneOf(), { ...to('failed', 'AccountExists'), executed: false })).toMatchObject({ exists: false, status: 'Failed' });
  });

  it('does not take its status from an older operation', () => {
    const lane = laneOf();
    const newer = { ...lane, account: { ...lane.account, operationSeq: 2 } };
    expect(accountNews(newer, to('succeeded'))).toMatchObject({ exists: true, status: 'Pending' });
  });
});
