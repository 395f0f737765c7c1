/** What would end numbers before they are sent, were they ordered now: asks who holds them and changes nothing. */
import type { LaneStore } from './lane-store.ts';
import type { Operation } from './model.ts';
import type { NumberIndex } from './number-index.ts';
import { verdictOnExisting, verdictOnHolder } from './screen.ts';

/** Codes by digits. By the time of an order it may be otherwise: the claim decides. */
export type ForeseeNumbers = (
  lane: string,
  order: Pick<Operation, 'partner' | 'onExisting'>,
  digits: readonly string[],
) => Promise<Map<string, string>>;

type Foreseen = { lanes: LaneStore; index: Pick<NumberIndex, 'read'> };

export const makeForeseeNumbers =
  ({ lanes, index }: Foreseen): ForeseeNumbers =>
  async (lane, { partner, onExisting }, digits) => {
    const minds = onExisting !== undefined && onExisting !== 'update';
    const [row, holders, blocks] = await Promise.all([
      lanes.readLane(lane),
      index.read(digits),
      minds ? lanes.readBlocks(lane, digits) : new Map<string, never>(),
    ]);
    const account = row?.value.account ?? {};
    const codes = new Map<string, string>();
    for (const one of digits) {
      const member = { op: 0, seg: 0, item: 0, digits: one };
      const onItself = minds ? verdictOnExisting({ onExisting }, member, blocks, account) : undefined;
      const holder = holders.get(one);
      const verdict = onItself ?? (holder?.lane === lane ? undefined : verdictOnHolder(partner, holder));
      if (verdict?.error) codes.set(one, verdict.error.code);
    }
    return codes;
  };
