import { describe, expect, it } from 'vitest';
import { makeNumberIndex } from '../../../shared/operations/number-index.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { digitsAt, digitsFrom } from './samples.ts';

const indexOver = (table: RowStore) => makeNumberIndex({ table, sleep: () => Promise.resolve(), random: () => 0 });
const claims = (digits: readonly string[], op: number) => digits.map((one) => ({ digits: one, op }));

describe('the index of numbers', () => {
  it('gives each number to the first lane that claims it, and tells the others who holds it', async () => {
    const index = indexOver(memoryRowStore());
    expect(await index.claim('acme', 'acc.acme-a', claims(digitsFrom(0, 250), 2))).toEqual(new Map());
    const held = await index.claim('beta', 'acc.beta-b', claims(digitsFrom(249, 2), 5));
    expect([...held]).toEqual([[digitsAt(249), { partner: 'acme', lane: 'acc.acme-a', op: 2 }]]);
    expect(await index.claim('acme', 'acc.acme-c', claims([digitsAt(250)], 1))).toEqual(
      new Map([[digitsAt(250), { partner: 'beta', lane: 'acc.beta-b', op: 5 }]]),
    );
  });

  it('is repeatable, and a later operation of the holder takes its claim over, never an earlier one', async () => {
    const index = indexOver(memoryRowStore());
    for (const op of [2, 2, 7, 4]) await index.claim('acme', 'acc.acme-a', claims([digitsAt(0)], op));
    const rival = await index.claim('beta', 'acc.beta-b', claims([digitsAt(0)], 1));
    expect(rival.get(digitsAt(0))?.op).toBe(7);
  });

  it('hands claims on or lets them go, and leaves those of others alone', async () => {
    const index = indexOver(memoryRowStore());
    await index.claim('acme', 'acc.acme-a', claims(digitsFrom(0, 2), 3));
    await index.claim('beta', 'acc.beta-b', claims([digitsAt(2)], 3));
    await index.hand('acc.acme-a', digitsFrom(0, 3), (digits, op) => (digits === digitsAt(0) ? undefined : op - 1));
    const held = await index.claim('beta', 'acc.beta-c', claims(digitsFrom(0, 3), 1));
    expect([...held].map(([digits, { lane, op }]) => [digits, lane, op])).toEqual([
      [digitsAt(1), 'acc.acme-a', 2],
      [digitsAt(2), 'acc.beta-b', 3],
    ]);
  });

  it('tries again when somebody else was first, and sees what they did', async () => {
    const table = memoryRowStore();
    let races = 2;
    const raced: RowStore = {
      ...table,
      commit: async (partition, writes) => {
        if (races-- > 0) {
          await indexOver(table).claim('beta', 'acc.beta-b', claims([digitsAt(races)], 1));
          return { outcome: 'conflict' };
        }
        return table.commit(partition, writes);
      },
    };
    const held = await indexOver(raced).claim('acme', 'acc.acme-a', claims(digitsFrom(0, 3), 1));
    expect([...held.keys()].sort()).toEqual(digitsFrom(0, 2));
  });
});
