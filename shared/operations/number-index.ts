/** Table `NumberIndex`: who holds a number, over all partners. A claim names a lane and the operation that made it (ADR 0030). */
import { numberIndexKey, numberIndexPartition } from '../platform/tables/keys.ts';
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import type { Holder, NumberClaim } from './model.ts';

/** Row `<digits without the last two>`; holders are named by the last two digits. */
type IndexBlock = { v: 1; holders: Record<string, Holder> };

export type NumberIndex = {
  /**
   * Claims numbers for operations of one lane, each for the latest that asks; repeatable. Answers who holds those that it could not claim.
   * Throws when a block stays contended.
   */
  claim: (partner: string, lane: string, claims: readonly NumberClaim[]) => Promise<Map<string, Holder>>;
  /** Who holds which of these numbers now; claims nothing. */
  read: (digits: readonly string[]) => Promise<Map<string, Holder>>;
  /** Gives the lane's claims on these numbers to the operation that `heir` names for the present one, or lets them go; repeatable. */
  hand: (lane: string, digits: readonly string[], heir: (digits: string, op: number) => number | undefined) => Promise<void>;
};

const MAX_TRIES = 20;
const MAX_BACKOFF_MS = 200;
/** Blocks changed in one transaction: all of a partition are a hundred, a transaction holds 90. */
const MAX_BLOCKS = 80;
const LAST_DIGITS = 2;

type Change = (holder: Holder | undefined, digits: string) => Holder | undefined;

const grouped = (digits: readonly string[], keyOf: (digits: string) => string): string[][] => [
  ...Map.groupBy(new Set(digits), keyOf).values(),
];

const changedBlock = (block: IndexBlock | undefined, digits: readonly string[], change: Change): IndexBlock | undefined => {
  const holders = { ...block?.holders };
  let changed = false;
  for (const one of digits) {
    const end = one.slice(-LAST_DIGITS);
    const next = change(holders[end], one);
    if (next === holders[end]) continue;
    changed = true;
    if (next) holders[end] = next;
    else Reflect.deleteProperty(holders, end);
  }
  return changed ? { v: 1, holders } : undefined;
};

export type NumberIndexEffects = { table: RowStore; sleep: (ms: number) => Promise<void>; random: () => number };

/** One transaction over blocks of one partition; false when somebody else was first. */
const changeOnce = async (table: RowStore, blocks: readonly (readonly string[])[], change: Change): Promise<boolean> => {
  const partition = numberIndexPartition(blocks[0]?.[0] ?? '');
  const writes = await Promise.all(
    blocks.map(async (digits): Promise<RowWrite[]> => {
      const key = numberIndexKey(digits[0] ?? '');
      const row = await table.get(partition, key);
      const value = changedBlock(row?.value as IndexBlock | undefined, digits, change);
      if (!value) return [];
      // An empty block stays: deleting knows no ETag, and somebody may have claimed in it meanwhile.
      return [row ? { kind: 'replace', key, value, etag: row.etag } : { kind: 'insert', key, value }];
    }),
  );
  const all = writes.flat();
  return all.length === 0 || (await table.commit(partition, all)).outcome === 'committed';
};

/** The holders of numbers of one partition, in one query however many they are. */
const readPartition = async (table: RowStore, digits: readonly string[]): Promise<[string, Holder][]> => {
  const keys = digits.map(numberIndexKey).sort();
  const [first = '', last = first] = [keys[0], keys.at(-1)];
  // The smallest key after the last one.
  const rows = await table.range(numberIndexPartition(digits[0] ?? ''), first, `${last}\u0000`);
  const blocks = new Map(rows.map(({ key, value }) => [key, value as IndexBlock]));
  return digits.flatMap((one): [string, Holder][] => {
    const holder = blocks.get(numberIndexKey(one))?.holders[one.slice(-LAST_DIGITS)];
    return holder ? [[one, holder]] : [];
  });
};

export const makeNumberIndex = ({ table, sleep, random }: NumberIndexEffects): NumberIndex => {
  const changeBlocks = async (blocks: readonly (readonly string[])[], change: Change): Promise<void> => {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      if (await changeOnce(table, blocks, change)) return;
      await sleep(random() * Math.min(MAX_BACKOFF_MS, 10 * 2 ** attempt));
    }
    throw new Error('a block of the number index stayed contended');
  };
  const changeAll = async (digits: readonly string[], change: Change): Promise<void> => {
    const portions = grouped(digits, numberIndexPartition).flatMap((partition) => {
      const blocks = grouped(partition, numberIndexKey);
      return Array.from({ length: Math.ceil(blocks.length / MAX_BLOCKS) }, (_, n) => blocks.slice(n * MAX_BLOCKS, (n + 1) * MAX_BLOCKS));
    });
    await Promise.all(portions.map((blocks) => changeBlocks(blocks, change)));
  };
  return {
    read: async (digits) => {
      const partitions = grouped(digits, numberIndexPartition);
      return new Map((await Promise.all(partitions.map((of) => readPartition(table, of)))).flat());
    },
    claim: async (partner, lane, claims) => {
      const ops = new Map(claims.map(({ digits, op }) => [digits, op]));
      const held = new Map<string, Holder>();
      await changeAll([...ops.keys()], (holder, digits) => {
        const op = ops.get(digits) ?? 0;
        held.delete(digits);
        if (holder && holder.lane !== lane) held.set(digits, holder);
        return !holder || (holder.lane === lane && holder.op < op) ? { partner, lane, op } : holder;
      });
      return held;
    },
    hand: (lane, digits, heir) =>
      changeAll(digits, (holder, one) => {
        if (holder?.lane !== lane) return holder;
        const op = heir(one, holder.op);
        return op === holder.op ? holder : op === undefined ? undefined : { ...holder, op };
      }),
  };
};
