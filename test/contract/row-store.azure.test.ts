/** The row store over the real Azurite keeps the contract, and tells a lost race from a broken deployment. */
import { RestError } from '@azure/core-rest-pipeline';
import type { TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { ensureTables, tableClient, type TableSettings } from '../../shared/platform/tables/client.ts';
import type { RowStore } from '../../shared/platform/tables/row-store.ts';
import { startTestAzurite, type TestAzurite } from '../support/azurite.ts';
import { rowStoreContract } from './row-store.contract.ts';

let azurite: TestAzurite;
let settings: TableSettings;
let store: RowStore;

beforeAll(async () => {
  azurite = await startTestAzurite();
  settings = { connectionString: azurite.connectionString };
  await ensureTables(settings, ['State']);
  store = azureRowStore(tableClient(settings, 'State'));
});
afterAll(() => azurite.close());

rowStoreContract('row store over Azurite', () => store);

/** A client that loses the answer of its first write, although the service committed it. */
const losingTheFirstAnswer = (client: TableClient): TableClient => {
  let lost = false;
  client.pipeline.addPolicy(
    {
      name: 'loseTheFirstAnswer',
      sendRequest: async (request, next) => {
        const answer = await next(request);
        if (lost) return answer;
        lost = true;
        throw new RestError('answer lost', { code: 'ECONNRESET', request });
      },
    },
    { afterPhase: 'Retry' },
  );
  return client;
};

describe('a lost answer of a committed write', () => {
  it.each([1, 2])('shows as a conflict, with the rows there (%i rows)', async (count) => {
    const p = `lost-${count}`;
    const writes = Array.from({ length: count }, (_, n) => ({ kind: 'insert' as const, key: `k${n}`, value: n }));
    expect(await azureRowStore(losingTheFirstAnswer(tableClient(settings, 'State'))).commit(p, writes)).toEqual({ outcome: 'conflict' });
    expect(await store.range(p, 'k', 'l')).toHaveLength(count);
  });
});

describe('tables', () => {
  it('are created once, whoever asks again', async () => {
    await ensureTables(settings, ['State', 'Budget']);
    await ensureTables(settings, ['State', 'Budget']);
    expect(await azureRowStore(tableClient(settings, 'Budget')).get('p', 'k')).toBeUndefined();
  });

  it('throw when they are missing, instead of looking empty or lost to somebody', async () => {
    const missing = azureRowStore(tableClient(settings, 'Nowhere'));
    await expect(missing.get('p', 'k')).rejects.toThrow();
    await expect(missing.commit('p', [{ kind: 'delete', key: 'k' }])).rejects.toThrow();
    await expect(
      missing.commit(
        'p',
        ['a', 'b'].map((key) => ({ kind: 'insert', key, value: 1 })),
      ),
    ).rejects.toThrow();
  });
});
