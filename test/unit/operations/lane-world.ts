/** One lane over a store in memory: operations are taken in, claimed, answered and folded by the engine's own steps. */
import { accept } from '../../../shared/operations/accept.ts';
import type { OperationDraft } from '../../../shared/operations/operation-draft.ts';
import { claim, type Claim } from '../../../shared/operations/claim.ts';
import { close } from '../../../shared/operations/close.ts';
import { makeFoldLane } from '../../../shared/operations/fold-lane.ts';
import { makeLaneStore } from '../../../shared/operations/lane-store.ts';
import { runStep } from '../../../shared/operations/lane-step.ts';
import type { AccountLane, Batch, Operation } from '../../../shared/operations/model.ts';
import { decide, type Decision } from '../../../shared/operations/outcome.ts';
import { laneShard } from '../../../shared/platform/tables/keys.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import type { WantsNumbers } from '../../../shared/operations/ended-numbers.ts';
import type { DescribeState } from '../../../shared/operations/verdict.ts';
import type { UpstreamOutcome } from '../../../shared/platform/upstream/call.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { accountDraft, LANE, NOW_MS, numbersDraft } from './samples.ts';

export const QUIET_MS = 100_000;

/** All numbers of `batch` as upstream shows them with this state. */
export const answerOf = (batch: Batch, serviceProvisioningStatus: string): UpstreamOutcome => ({
  kind: 'answer',
  status: 200,
  body:
    batch.kind === 'account'
      ? { serviceProvisioningStatus }
      : { numbers: batch.members.map(({ digits }) => ({ telephoneNumber: `+${digits}`, serviceProvisioningStatus })) },
});

export type LaneWorldOptions = {
  /** What lies between the engine and its table. */
  table?: (store: RowStore) => RowStore;
  wantsNumbers?: WantsNumbers;
  describe?: DescribeState;
};

const describeAny: DescribeState = ({ state }) => ({ type: state === 'Running' ? 'started' : 'ended', data: {} });

export const laneWorld = ({ table = (store) => store, wantsNumbers, describe = describeAny }: LaneWorldOptions = {}) => {
  const state = memoryRowStore();
  const lanes = makeLaneStore(table(state), wantsNumbers);
  let nowMs = NOW_MS;
  let ids = 0;
  const now = (): number => nowMs;
  const newPair = () => ({ id: `pair-${++ids}`, firstSent: new Date(nowMs).toUTCString() });
  const step = { lanes, sleep: () => Promise.resolve(), random: () => 0, now, describe };
  const lane = async (): Promise<AccountLane> => {
    const row = await lanes.readLane(LANE);
    if (!row) throw new Error('no lane');
    return row.value;
  };
  const take = async (draft: OperationDraft): Promise<Operation> => {
    const tellsNumbers = await wantsNumbers?.(draft.partner, draft.customerId);
    const row = await lanes.readLane(LANE);
    const { operation, writes } = accept(row, draft, `${laneShard(LANE)}op${++ids}`, nowMs, { tellsNumbers: tellsNumbers === true });
    if (!(await lanes.commitAll(LANE, writes))) throw new Error('the lane moved');
    return operation;
  };
  const claimNext = async (): Promise<Claim> => {
    const claimed = await runStep(step, LANE, async (row) => {
      const batches = await lanes.readBatches(LANE);
      const out = batches.reduce((sum, { value }) => sum + (value.phase === 'submitted' ? 0 : value.members.length), 0);
      const backlog = await lanes.readBacklog(row.value, out);
      const result = claim({ lane: row.value, batches, backlog, nowMs, quietMs: QUIET_MS, newPair });
      return { result, lane: result.lane, writes: result.kind === 'claimed' ? result.writes : [] };
    });
    if (!claimed) throw new Error('no lane');
    return claimed;
  };
  /** The next batch; throws when there is none. */
  const claimBatch = async (): Promise<Batch> => {
    const claimed = await claimNext();
    if (claimed.kind !== 'claimed') throw new Error(`nothing to claim: ${claimed.kind}`);
    return claimed.batch;
  };
  /** Closes `batch` as a holder of its epoch; false when the batch was claimed anew since. */
  const conclude = async (batch: Batch, decision: Decision): Promise<boolean> => {
    const closed = await runStep(step, LANE, async (row) => {
      const current = await lanes.readBatch(LANE, batch.n);
      const change = current && close(row.value, current, batch.epoch, decision, { pair: newPair, hashOf: () => 'part' }, nowMs);
      return { result: change !== undefined, ...change };
    });
    return closed ?? false;
  };
  const fold = makeFoldLane(step);
  /** Claims and answers until nothing more can be sent; returns what left, batch by batch. */
  const drain = async (status: string): Promise<string[][]> => {
    const sent: string[][] = [];
    for (let next = await claimNext(); next.kind === 'claimed'; next = await claimNext()) {
      sent.push(next.batch.members.map(({ digits }) => digits));
      await conclude(next.batch, decide(next.batch, answerOf(next.batch, status)));
      await fold(LANE);
    }
    return sent;
  };
  return {
    state,
    lanes,
    step,
    lane,
    claimNext,
    claimBatch,
    conclude,
    drain,
    fold: () => fold(LANE),
    order: (numbers: readonly string[], more: Partial<OperationDraft> = {}) => take(numbersDraft(numbers, more)),
    changeAccount: () => take(accountDraft()),
    /** The answer that upstream gives to `batch`, recorded but not folded. */
    answer: (batch: Batch, status: string) => conclude(batch, decide(batch, answerOf(batch, status))),
    moveClock: (ms: number) => void (nowMs += ms),
  };
};

export type LaneWorld = ReturnType<typeof laneWorld>;

/** A world whose account upstream has already. */
export const worldWithAccount = async (options?: LaneWorldOptions): Promise<LaneWorld> => {
  const world = laneWorld(options);
  await world.changeAccount();
  await world.drain('synced');
  return world;
};
