/** Keeps refused batches of an order back while the halves of two others may tell that all of it is bad: halving them beside those would tell nothing new. */
import type { CloseBatch, Outcome } from './close-together.ts';
import { ENOUGH_SPLITS, halvedOperation } from './halving.ts';
import type { AccountLane } from './model.ts';

/** Of one operation: halves still to be answered, by the batch they came from, and what waits for them. */
type Splits = { open: Map<number, number>; held: Outcome[] };

export type RefusalHolder = {
  /** Resolves at once for what is held back: it needs no place among those in flight. */
  closeBatch: CloseBatch;
  /** Records what is still held back, as if nothing had been learned; whether there was anything. */
  flush: () => Promise<boolean>;
};

type HolderEffects = {
  closeBatch: CloseBatch;
  readLane: () => Promise<AccountLane | undefined>;
  /** What went wrong with one that was held back. */
  onFault: (outcome: Outcome, error: unknown) => Promise<void>;
};

/** Nothing was learned by these of what upstream thinks of the batch. */
const isUndecided = ({ decision }: Outcome): boolean => ['again', 'quarantine', 'readBack'].includes(decision.kind);
const isRefusedWhole = ({ decision }: Outcome): boolean => decision.kind === 'split' && decision.verdicts.length === 0;

/** Lives as long as one run of the pump: a batch whose refusal is forgotten by a crash is sent again like any other. */
export const holdRefusals = ({ closeBatch, readLane, onFault }: HolderEffects): RefusalHolder => {
  const splits = new Map<string, Splits>();

  const splitsOf = (op: string): Splits => {
    const known = splits.get(op) ?? { open: new Map<number, number>(), held: [] };
    splits.set(op, known);
    return known;
  };

  const closeHeld = async (outcomes: readonly Outcome[]): Promise<void> => {
    await Promise.all(outcomes.map((outcome) => closeBatch(outcome).catch((error: unknown) => onFault(outcome, error))));
  };

  /** Once halving is over all of them end; until then another one is halved for each that has told what it can. */
  const release = async (op: string): Promise<void> => {
    const known = splitsOf(op);
    if (known.held.length === 0) return;
    const isOver = (await readLane())?.halving?.[op]?.over !== undefined;
    const next = known.held.splice(0, isOver ? known.held.length : ENOUGH_SPLITS - known.open.size);
    if (!isOver) for (const { batch } of next) known.open.set(batch.n, 2);
    await closeHeld(next);
  };

  const closeHalf = async (outcome: Outcome, op: string, whole: number): Promise<void> => {
    await closeBatch(outcome);
    const { open } = splitsOf(op);
    const left = open.get(whole);
    if (left === undefined || isUndecided(outcome)) return;
    if (left > 1) return void open.set(whole, left - 1);
    open.delete(whole);
    await release(op);
  };

  return {
    closeBatch: async (outcome) => {
      const op = halvedOperation(outcome.batch);
      const { half } = outcome.batch;
      if (op === undefined) return closeBatch(outcome);
      if (half !== undefined) return closeHalf(outcome, op, half);
      if (!isRefusedWhole(outcome)) return closeBatch(outcome);
      const { open, held } = splitsOf(op);
      if (open.size >= ENOUGH_SPLITS) return void held.push(outcome);
      open.set(outcome.batch.n, 2);
      return closeBatch(outcome);
    },
    flush: async () => {
      const all = [...splits.values()].flatMap(({ held }) => held.splice(0));
      splits.clear();
      await closeHeld(all);
      return all.length > 0;
    },
  };
};
