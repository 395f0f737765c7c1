/** Finds numbers that a partner's customers hold within blocks of numbers, in the index over all partners. */
import { numberIndexPartition } from '../platform/tables/keys.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { Holder } from './model.ts';

/** Ten million numbers: some seconds of looking, as long as a request may take. */
export const MAX_PARTITIONS = 1_000;
const AT_ONCE = 16;
/** Numbers of a partition of the index are told apart by their last four digits. */
const PARTITION_NUMBERS = 10_000;

/** Both ends in E.164, of one length. */
export type Block = { from: string; to: string };

export type Held = { kind: 'held'; numbers: { number: string; holder: string }[]; more: boolean } | { kind: 'tooMany' };

/** `limit` numbers at most, in order; `tooMany` when the blocks are more than one request looks through. */
export type FindHeld = (partner: string, blocks: readonly Block[], limit: number) => Promise<Held>;

type IndexBlock = { holders: Record<string, Holder> };

/** The first number of each partition that a block reaches into, as digits of the block's length. */
const partitionStarts = ({ from, to }: Block): { start: string; block: Block }[] => {
  const [low, high] = [from, to].map((number) => Math.floor(Number(number.slice(1)) / PARTITION_NUMBERS)) as [number, number];
  const width = from.length - 1;
  const count = Math.min(high - low + 1, MAX_PARTITIONS + 1);
  return Array.from({ length: count }, (_, n) => ({
    start: String((low + n) * PARTITION_NUMBERS).padStart(width, '0'),
    block: { from, to },
  }));
};

export type FindHeldEffects = {
  /** Table `NumberIndex`. */
  index: RowStore;
  /** What a holder is called, by its lane. */
  holderName: (lane: string) => string;
};

export const makeFindHeld =
  ({ index, holderName }: FindHeldEffects): FindHeld =>
  async (partner, blocks, limit) => {
    const places = blocks.flatMap(partitionStarts);
    if (places.length > MAX_PARTITIONS) return { kind: 'tooMany' };
    const heldAt = async ({ start, block }: { start: string; block: Block }): Promise<{ number: string; holder: string }[]> => {
      const [from, to] = [block.from.slice(1), block.to.slice(1)];
      const rows = await index.range(numberIndexPartition(start), 'n|', 'n}');
      return rows.flatMap(({ key, value }) =>
        Object.entries((value as IndexBlock).holders).flatMap(([end, holder]) => {
          const digits = key.slice('n|'.length) + end;
          const isIn = digits.length === from.length && from <= digits && digits <= to;
          return isIn && holder.partner === partner ? [{ number: `+${digits}`, holder: holderName(holder.lane) }] : [];
        }),
      );
    };
    const found: { number: string; holder: string }[] = [];
    for (let at = 0; at < places.length && found.length <= limit; at += AT_ONCE)
      found.push(...(await Promise.all(places.slice(at, at + AT_ONCE).map(heldAt))).flat());
    const sorted = found.sort((a, b) => (a.number < b.number ? -1 : 1));
    return { kind: 'held', numbers: sorted.slice(0, limit), more: sorted.length > limit };
  };
