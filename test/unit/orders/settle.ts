/** Gives items their verdicts as the engine would, without a gateway. */
import type { LaneStore } from '../../../shared/operations/lane-store.ts';
import type { Operation, Verdict as ItemVerdict } from '../../../shared/operations/model.ts';
import type { NumberIndex } from '../../../shared/operations/number-index.ts';
import { applyVerdicts, type Change, type DescribeState } from '../../../shared/operations/verdict.ts';

export type Verdict = Partial<ItemVerdict> & Pick<ItemVerdict, 'to'>;

export type SettleEffects = { lanes: LaneStore; index: NumberIndex; describe: DescribeState; now: () => number };

export const makeSettle = ({ lanes, index, describe, now }: SettleEffects) => {
  /** Numbers that upstream took are held by their customer, those that it let go by nobody. */
  const holdAsSettled = async (
    { kind, sentAs, partner, lane, seq }: Operation,
    verdicts: Readonly<Record<string, Verdict>>,
  ): Promise<void> => {
    if (kind !== 'numbers') return;
    const done = Object.entries(verdicts).filter(([, { executed = true, to }]) => executed && (sentAs === 'upsert' || to === 'succeeded'));
    const digits = done.map(([one]) => one);
    if (sentAs === 'upsert')
      await index.claim(
        partner,
        lane,
        digits.map((one) => ({ digits: one, op: seq })),
      );
    else await index.hand(lane, digits, () => undefined);
  };

  /** Gives the items of an operation their verdicts, by digits, as the engine would. */
  const settle = async (operationId: string, verdicts: Readonly<Record<string, Verdict>>): Promise<void> => {
    const operation = await lanes.readOperation(operationId);
    const row = operation && (await lanes.readLane(operation.lane));
    if (!row) throw new Error(`no operation ${operationId}`);
    const segments = await lanes.readSegments(operation);
    const changes = segments.flatMap((segment, seg) =>
      segment.numbers.flatMap((digits, item): Change[] => {
        const verdict = verdicts[digits];
        return verdict
          ? [{ n: 1, index: 0, member: { op: operation.seq, seg, item, digits }, verdict: { executed: true, ...verdict } }]
          : [];
      }),
    );
    const settled = applyVerdicts(row.value, await lanes.readTouched(operation.lane, changes), changes, describe, now());
    if (!(await lanes.commit(row, settled.lane, settled.writes))) throw new Error('the lane moved');
    await holdAsSettled(operation, verdicts);
  };
  return settle;
};
