import { describe, expect, it } from 'vitest';
import type { BatchKind, Member, Verdict } from '../../../shared/operations/model.ts';
import { movedBlock, recordOf, recordsOf, type NumberBlock } from '../../../shared/operations/number-block.ts';
import { worldWithAccount } from './lane-world.ts';
import { digitsAt, digitsFrom, LANE, NOW_MS } from './samples.ts';

const DIGITS = digitsAt(7);
const memberOf = (op: number): Member => ({ op, seg: 0, item: 3, digits: DIGITS });
const after = (...steps: [BatchKind, number, Verdict][]): NumberBlock | undefined =>
  steps.reduce<NumberBlock | undefined>(
    (block, [kind, op, verdict]) => movedBlock(block, {}, kind, memberOf(op), verdict, NOW_MS) ?? block,
    undefined,
  );
const stateAfter = (...steps: [BatchKind, number, Verdict][]) => recordOf(after(...steps), DIGITS, {})?.state;

const SUBMITTED: Verdict = { to: 'submitted', executed: true };
const SUCCEEDED: Verdict = { to: 'succeeded', executed: true };
const SYNC_FAILED: Verdict = { to: 'failed', executed: true, error: { code: 'UpstreamSyncFailed' } };
const REFUSED: Verdict = { to: 'failed', executed: false, error: { code: 'UpstreamRejected' } };
const REFUSED_AT_LAST: Verdict = { to: 'failed', executed: true, error: { code: 'UpstreamRejected' } };

describe('what is known of a number', () => {
  it.each<[string, [BatchKind, number, Verdict][], string | undefined]>([
    ['taken by upstream', [['upsert', 2, SUBMITTED]], 'pending'],
    ['synchronised', [['upsert', 2, SUBMITTED], ['upsert', 2, SUCCEEDED]], 'synced'], // prettier-ignore
    ['refused by its backend', [['upsert', 2, SYNC_FAILED]], 'failed'],
    ['refused by upstream: it is not there', [['upsert', 2, REFUSED]], undefined],
    ['refused after a try of unknown end', [['upsert', 2, REFUSED_AT_LAST]], 'unsure'],
    ['refused a change: it is what it was', [['upsert', 2, SUCCEEDED], ['upsert', 3, REFUSED]], 'synced'], // prettier-ignore
    ['on its way out', [['upsert', 2, SUCCEEDED], ['release', 3, SUBMITTED]], 'leaving'], // prettier-ignore
    ['gone', [['upsert', 2, SUCCEEDED], ['release', 3, SUCCEEDED]], undefined], // prettier-ignore
    ['put again while it leaves', [['upsert', 2, SUCCEEDED], ['release', 3, SUBMITTED], ['upsert', 4, SUBMITTED]], 'pending'], // prettier-ignore
    ['released although nobody here has put it', [['release', 3, REFUSED_AT_LAST]], undefined],
    ['not changed by late news of an older order', [['upsert', 4, SUCCEEDED], ['upsert', 2, SYNC_FAILED]], 'synced'], // prettier-ignore
  ])('%s', (_, steps, state) => {
    expect(stateAfter(...steps)).toBe(state);
  });

  it.each<[string, Verdict]>([
    ['refused', REFUSED_AT_LAST],
    ['under way', SUBMITTED],
  ])("a release that is %s does not show a removed customer's number again once the customer was made anew", (_, verdict) => {
    const removed = { removedSeq: 3 };
    const before = after(['upsert', 2, SUCCEEDED]);
    expect(recordOf(before, DIGITS, removed)).toBeUndefined();
    const block = movedBlock(before, removed, 'release', memberOf(6), verdict, NOW_MS) ?? before;
    expect(recordOf(block, DIGITS, removed)).toBeUndefined();
  });

  it('names the item whose content upstream holds, while it leaves as well', () => {
    const leaving = recordOf(after(['upsert', 2, SUCCEEDED], ['release', 5, SUBMITTED]), DIGITS, {});
    expect(leaving).toMatchObject({ op: 2, seg: 0, item: 3, by: 5 });
  });

  it('is packed by hundreds: numbers of an order end in few rows, each under its own digits', async () => {
    const world = await worldWithAccount();
    await world.order([...digitsFrom(0, 250), digitsAt(0).slice(0, -1)]);
    await world.drain('synced');
    const blocks = await world.lanes.readBlocks(LANE, [...digitsFrom(0, 250), digitsAt(0).slice(0, -1)]);
    expect([...blocks].map(([start, { value }]) => recordsOf(start, value).length)).toEqual([100, 100, 50, 1]);
    expect([...blocks].flatMap(([start, { value }]) => recordsOf(start, value).map(([digits]) => digits))).toEqual([
      ...digitsFrom(0, 250),
      digitsAt(0).slice(0, -1),
    ]);
  });
});
