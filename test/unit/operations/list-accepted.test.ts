import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acceptedRow } from '../../../shared/operations/accepted-row.ts';
import { makeListAccepted, type AcceptedQuery } from '../../../shared/operations/list-accepted.ts';
import type { Operation } from '../../../shared/operations/model.ts';
import { lanePartition } from '../../../shared/platform/tables/keys.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';

const MINUTE_MS = 60_000;

const operationOf = (n: number, lane: number, minute: number, done: boolean): Operation =>
  ({
    id: `id${String(n).padStart(5, '0')}`,
    lane: `acc.acme-c${lane}`,
    partner: 'acme',
    kind: 'numbers',
    customerId: `c${lane}`,
    sentAs: 'upsert',
    view: {},
    state: done ? 'Succeeded' : 'Running',
    createdAt: new Date(minute * MINUTE_MS).toISOString(),
  }) as unknown as Operation;

/** A list of these operations, and how many rows and operations were read for it. */
const listOf = async (operations: readonly Operation[]) => {
  const state = memoryRowStore();
  for (const operation of operations) await state.commit(lanePartition(operation.lane), [acceptedRow(operation)]);
  const reads = { rows: 0, operations: 0 };
  const counted: RowStore = {
    ...state,
    range: async (...args) => {
      const rows = await state.range(...args);
      reads.rows += rows.length;
      return rows;
    },
  };
  const readOperation = async (id: string) => {
    reads.operations++;
    return operations.find((operation) => operation.id === id);
  };
  return { list: makeListAccepted({ state: counted, lanes: { readOperation } }), reads };
};

const newestFirst = (operations: readonly Operation[]): string[] =>
  [...operations]
    .sort((a, b) => (a.createdAt === b.createdAt ? (a.id < b.id ? -1 : 1) : a.createdAt > b.createdAt ? -1 : 1))
    .map(({ id }) => id);

const QUERY: AcceptedQuery = { partner: 'acme', kind: 'numbers', size: 10 };

it('shows each operation of all lanes once, the newest first, whatever the size of a page', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ lane: fc.nat(60), minute: fc.nat(30), done: fc.boolean() }), { maxLength: 150 }),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      async (drafts, size, onlyDone) => {
        const operations = drafts.map(({ lane, minute, done }, n) => operationOf(n, lane, minute, done));
        const { list } = await listOf(operations);
        const shown: string[] = [];
        let after: string | undefined;
        do {
          const page = await list({
            ...QUERY,
            size,
            ...(onlyDone ? { state: 'Succeeded' } : {}),
            ...(after === undefined ? {} : { after }),
          });
          expect(page.operations.length).toBeLessThanOrEqual(size);
          shown.push(...page.operations.map(({ id }) => id));
          after = page.next;
        } while (after !== undefined);
        expect(shown).toEqual(newestFirst(operations.filter(({ state }) => !onlyDone || state === 'Succeeded')));
      },
    ),
    { numRuns: 40 },
  ));

it('looks at a bounded number of operations for a filter that nothing fits, and says where to go on', async () => {
  const operations = Array.from({ length: 1_500 }, (_, n) => operationOf(n, n % 50, n, false));
  const { list, reads } = await listOf(operations);
  const page = await list({ ...QUERY, state: 'Failed' });
  expect(page.operations).toEqual([]);
  expect(reads.operations).toBeLessThanOrEqual(1_100);
  const rest = await list({ ...QUERY, state: 'Failed', after: page.next ?? '' });
  expect(rest).toEqual({ operations: [] });
});

it('reads little more than a page', async () => {
  const { list, reads } = await listOf(Array.from({ length: 2_000 }, (_, n) => operationOf(n, n % 100, n, false)));
  await list(QUERY);
  expect(reads.rows).toBeLessThanOrEqual(32 * 25);
  expect(reads.operations).toBeLessThanOrEqual(20);
});
