/** The budget over the real table protocol: several takers with wrong clocks, one row, one limit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUDGET_TABLE } from '../../shared/platform/budget/ledger-row.ts';

import { makeTableBudget, type TableBudget } from '../../shared/platform/budget/table-budget.ts';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient, type TableSettings } from '../../shared/platform/tables/client.ts';
import { type Clock, systemClock } from '../../shared/platform/time/clock.ts';
import { startTestAzurite, type TestAzurite } from '../support/azurite.ts';

let azurite: TestAzurite;
let settings: TableSettings;

beforeAll(async () => {
  azurite = await startTestAzurite();
  settings = { connectionString: azurite.connectionString };
  await ensureTables(settings, [BUDGET_TABLE]);
});
afterAll(() => azurite.close());

const LIMIT = 40;

/** A process of its own: own connection, own clock. */
const taker = (skewMs: number): TableBudget => {
  const clock: Clock = { now: () => systemClock.now() + skewMs, sleep: systemClock.sleep };
  return makeTableBudget({ store: azureRowStore(tableClient(settings, BUDGET_TABLE)), limitPerMinute: LIMIT, clock, random: Math.random });
};

describe('the budget over Azurite', () => {
  it('hands out a burst of exactly the limit to takers whose clocks disagree, then nothing', async () => {
    const takers = [0, 3_000, -3_000, 250].map(taker);
    const asked = takers.flatMap((budget) => Array.from({ length: LIMIT / 2 }, () => budget.takePermit({ permitClass: 'orders' }, 4_000)));
    const permits = (await Promise.all(asked)).filter((permit) => permit !== undefined);
    const view = await taker(0).read();
    // What a slow write wasted counts as taken; nothing else may be missing.
    expect(view.taken).toEqual({ orders: LIMIT });
    expect(permits.length).toBeLessThanOrEqual(LIMIT);
    expect(permits.length).toBeGreaterThanOrEqual(LIMIT / 2);
    expect(view.free).toBe(0);
    expect(await taker(0).takePermit({ permitClass: 'interactive' }, 0)).toBeUndefined();
  });

  it('shows a pause to everybody', async () => {
    const [one, two] = [taker(0), taker(1_000)];
    await Promise.all([one.pauseUpstream(5_000), two.pauseUpstream(30_000), one.pauseUpstream(1_000)]);
    const { pausedForMs } = await one.read();
    expect(pausedForMs).toBeGreaterThan(25_000);
    expect(pausedForMs).toBeLessThanOrEqual(30_500);
  });
});
