/** Counts what one reading of an account's list has brought, over the rows themselves: resumable, and no bigger in memory than a page of them. */
import { below, lanePartition } from '../../platform/tables/keys.ts';
import type { RowStore } from '../../platform/tables/row-store.ts';
import { adoptedBlock, recordsOf, type NumberBlock, type NumberRecord } from '../number-block.ts';
import type { NumberIndex } from '../number-index.ts';
import { changeBlocks } from './adopt-page.ts';
import { isRefusal, type Adoption, type Findings } from './adoption.ts';

const BLOCKS_A_READ = 50;
const ROWS_A_READ = 100;

type Known = { digits: string; record: NumberRecord };

/** Every page of what is known of the numbers that this adoption brought. */
async function* broughtBy(state: RowStore, { customerLane, seq }: Adoption): AsyncGenerator<Known[]> {
  const { from, to } = below('num', customerLane);
  for (let next: string | undefined = from; next !== undefined;) {
    const rows = await state.range(lanePartition(customerLane), next, to, BLOCKS_A_READ);
    yield rows.flatMap(({ key, value }) =>
      recordsOf(key.slice(from.length), value as NumberBlock).flatMap(([digits, record]) =>
        record.by === seq ? [{ digits, record }] : [],
      ),
    );
    const last = rows.at(-1);
    next = last && rows.length === BLOCKS_A_READ ? `${last.key}\u0000` : undefined;
  }
}

/** The numbers that were refused in this reading, each once: a list that moves shows some twice. */
const refusedIn = async (state: RowStore, lane: string, pass: string): Promise<Set<string>> => {
  const refused = new Set<string>();
  const { from, to } = below('find', lane, pass);
  for (let next: string | undefined = from; next !== undefined;) {
    const rows = await state.range(lanePartition(lane), next, to, ROWS_A_READ);
    for (const { value } of rows) for (const finding of (value as Findings).findings) if (isRefusal(finding)) refused.add(finding.digits);
    const last = rows.at(-1);
    next = last && rows.length === ROWS_A_READ ? `${last.key}\u0000` : undefined;
  }
  return refused;
};

/** Different numbers of this reading: taken over, and refused. */
export const countReading = async (
  state: RowStore,
  adoption: Adoption,
  lane: string,
  pass: string,
): Promise<{ adopted: number; refused: number }> => {
  const since = new Date(adoption.passBeganMs).toISOString();
  let adopted = 0;
  for await (const known of broughtBy(state, adoption)) adopted += known.filter(({ record }) => record.since === since).length;
  return { adopted, refused: (await refusedIn(state, lane, pass)).size };
};

/** Whether the list was read to its end while it stood still: as many as upstream counted, at the start and at the end. */
export const isWhole = ({ firstCount, lastCount }: Adoption, { adopted, refused }: { adopted: number; refused: number }): boolean =>
  firstCount === undefined || (firstCount === lastCount && adopted + refused === firstCount);

type GiveBack = { state: RowStore; index: NumberIndex; now: () => number };

/** Lets go numbers of this adoption: those that its last reading no longer showed, or all. */
export const giveBack = async ({ state, index, now }: GiveBack, adoption: Adoption, which: 'unseen' | 'all'): Promise<void> => {
  const since = new Date(adoption.passBeganMs).toISOString();
  for await (const known of broughtBy(state, adoption)) {
    const digits = known.filter(({ record }) => which === 'all' || record.since !== since).map((one) => one.digits);
    if (digits.length === 0) continue;
    await index.hand(adoption.customerLane, digits, (_, op) => (op === adoption.seq ? undefined : op));
    await changeBlocks(
      state,
      adoption.customerLane,
      digits,
      (block, gone) =>
        block &&
        adoptedBlock(
          block,
          gone.map((one) => ({ digits: one, as: null })),
          adoption.seq,
          now(),
        ),
    );
  }
};
