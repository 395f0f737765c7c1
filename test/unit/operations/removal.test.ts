import { describe, expect, it } from 'vitest';
import type { AskUpstream } from '../../../shared/operations/ask-upstream.ts';
import { foldChanges } from '../../../shared/operations/fold.ts';
import type { Batch, Verdict } from '../../../shared/operations/model.ts';
import { decide } from '../../../shared/operations/outcome.ts';
import { pollChanges, snapshot } from '../../../shared/operations/poll-fold.ts';
import { readBack } from '../../../shared/operations/read-back.ts';
import { worldWithAccount } from './lane-world.ts';
import { accountDraft, batchOf, digitsAt, digitsFrom, laneOf, NOW_MS, rowOf, submittedBatch } from './samples.ts';

const removal = (more: Partial<Batch> = {}): Batch => batchOf([''], { n: 9, kind: 'accountDelete', withNumbers: true, ...more });
const answer = (status: number) => ({ kind: 'answer' as const, status, body: undefined });
const verdictOf = (batch: Batch, status: number): Verdict | undefined => {
  const decision = decide(batch, answer(status));
  return 'verdicts' in decision ? decision.verdicts[0]?.[1] : undefined;
};
const GONE: Verdict = { to: 'succeeded', executed: true };
const OVERWRITTEN: Verdict = { to: 'superseded', executed: true };

describe('the removal of an account', () => {
  it.each([
    [204, { to: 'submitted', executed: true }],
    [200, { to: 'submitted', executed: true }],
    [404, GONE],
  ])('answered with %i is %j', (status, verdict) => expect(verdictOf(removal(), status)).toEqual(verdict));

  it.each([400, 409])('that upstream refuses with %i names the numbers that it was not to take along', (status) => {
    expect(verdictOf(removal({ withNumbers: false }), status)?.error?.code).toBe('CustomerHasNumbers');
    expect(verdictOf(removal(), status)?.error?.code).toBe('UpstreamRejected');
  });

  it('is proven by absence alone, and is harmless to repeat', async () => {
    const asking =
      (status: number | undefined): AskUpstream =>
      () =>
        Promise.resolve(status === undefined ? undefined : answer(status));
    const back = (status?: number) => readBack(asking(status), laneOf(), removal(), () => ({}));
    expect(await back(404)).toEqual({ kind: 'verdicts', verdicts: [[0, GONE]] });
    expect(await back(200)).toEqual({ kind: 'sendRest', verdicts: [], rest: [0] });
    expect(await back()).toMatchObject({ kind: 'again', ambiguous: true });
  });

  const orders = submittedBatch(1, digitsFrom(0, 2));
  const releases = submittedBatch(2, [digitsAt(5)], { kind: 'release' });
  const before = [rowOf(orders), rowOf(releases)];
  const swept = [
    [1, OVERWRITTEN],
    [1, OVERWRITTEN],
    [2, GONE],
    [9, GONE],
  ];

  it('takes everything along that waits: releases have come true, other wishes are overwritten, and it ends last', () => {
    const batches = [...before, rowOf(removal({ phase: 'submitted', waiting: [0] }))];
    const changes = pollChanges(batches, snapshot(batches), new Map([['', 'gone']]), NOW_MS);
    expect(changes.map(({ n, verdict }) => [n, verdict])).toEqual(swept);
    const folded = foldChanges(removal({ phase: 'answered', verdicts: [[0, GONE]] }), before);
    expect(folded.map(({ n, verdict }) => [n, verdict])).toEqual(swept);
  });

  it('takes nothing along while the account is still there', () => {
    const folded = foldChanges(removal({ phase: 'answered', verdicts: [[0, { to: 'submitted', executed: true }]] }), before);
    expect(folded.map(({ n }) => n)).toEqual([9]);
  });

  it('goes after what was accepted before it, and nothing goes before it is proven', async () => {
    const world = await worldWithAccount();
    await world.order([digitsAt(0)]);
    await world.order([''], accountDraft({ sentAs: 'accountDelete', payload: { deleteNumbers: true } }));
    await world.changeAccount();
    const order = await world.claimBatch();
    await world.answer(order, 'pending');
    await world.fold();
    const gone = await world.claimBatch();
    expect(gone).toMatchObject({ kind: 'accountDelete', withNumbers: true, overwrites: [order.n] });
    await world.conclude(gone, decide(gone, answer(204)));
    await world.fold();
    expect((await world.claimNext()).kind).toBe('blocked');
  });
});
