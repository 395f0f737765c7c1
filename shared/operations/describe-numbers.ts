/** What is known of numbers together with what they were asked to be: the rows of their operations, each read once. */
import type { LaneStore } from './lane-store.ts';
import type { ItemError, Operation } from './model.ts';
import type { KnownNumber, NumberState } from './number-block.ts';
import { partOf, payloadAt, type ItemPlace } from './own-settings.ts';
import { asResource, type Resource } from './resource.ts';
import { errorOf } from './segment.ts';

export type NumberNow = {
  digits: string;
  state: NumberState;
  /** In upstream's form: as upstream showed it last, or as it was sent. */
  content: Resource;
  /** The same as it was sent or taken over, whatever upstream has shown since. */
  asked: Resource;
  /** Why it failed. */
  error?: ItemError;
  /** The operation that decided its state; absent for what was found at upstream. */
  operationId?: string;
  /** When that was known, or upstream was looked at since. */
  checkedAt: string;
};

/** In the order given. */
export type DescribeNumbers = (lane: string, numbers: readonly KnownNumber[]) => Promise<NumberNow[]>;

type Lanes = Pick<LaneStore, 'readOperationAt' | 'readSegments' | 'readErrors' | 'readOwn'>;

const isUnhappy = ({ state }: KnownNumber): boolean => state === 'failed' || state === 'unsure';

/** The same answer for the same key, asked for once. */
const asking = <K, V>(ask: (key: K) => Promise<V>): ((key: K) => Promise<V>) => {
  const asked = new Map<K, Promise<V>>();
  return (key) => {
    const answer = asked.get(key) ?? ask(key);
    asked.set(key, answer);
    return answer;
  };
};

export const makeDescribeNumbers =
  (lanes: Lanes): DescribeNumbers =>
  async (lane, numbers) => {
    const operationAt = asking((seq: number) => lanes.readOperationAt(lane, seq));
    const segmentsOf = asking((operation: Operation) => lanes.readSegments(operation));
    const ownOf = asking(async (operation: Operation) => lanes.readOwn(operation, operation.ownParts ?? []));
    const sentOf = async (operation: Operation | undefined, place: ItemPlace): Promise<Resource> => {
      if (!operation) return {};
      const own = operation.ownParts?.includes(partOf(place)) ? await ownOf(operation) : new Map<number, never>();
      return asResource(payloadAt(operation, own, place));
    };
    const failureOf = async (operation: Operation | undefined, { seg, item }: ItemPlace): Promise<{ error?: ItemError }> => {
      const segment = operation && (await segmentsOf(operation))[seg];
      const stored = segment && errorOf(segment, item);
      const [error] = stored ? await lanes.readErrors(lane, [stored]) : [];
      return error === undefined ? {} : { error };
    };
    const describe = async (known: KnownNumber): Promise<NumberNow> => {
      const { digits, op, by, state, since, seen, adopted } = known;
      const [operation, decider] = await Promise.all([operationAt(op), operationAt(by)]);
      const asked = adopted ?? (await sentOf(operation, known));
      return {
        digits,
        state,
        content: seen?.resource ?? asked,
        asked,
        ...(isUnhappy(known) ? await failureOf(operation, known) : {}),
        ...(decider && !(adopted && by === op) ? { operationId: decider.id } : {}),
        checkedAt: seen?.at ?? since,
      };
    };
    return Promise.all(numbers.map(describe));
  };
