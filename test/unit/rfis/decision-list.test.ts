import { beforeEach, expect, it } from 'vitest';
import { makeListChanges } from '../../../functions/changes.ts';
import { accept } from '../../../shared/operations/accept.ts';
import { makeLaneStore } from '../../../shared/operations/lane-store.ts';
import type { ListOperations } from '../../../shared/operations/list-operations.ts';
import { makeReadItems } from '../../../shared/operations/read-items.ts';
import type { OperationBody } from '../../../shared/operations/read-operation.ts';
import { rfiLaneOf } from '../../../shared/rfis/model.ts';
import { laneShard } from '../../../shared/platform/tables/keys.ts';
import { accountDraft, LANE } from '../operations/samples.ts';
import { BASE, idOf, makeDecisionWorld, type DecisionWorld } from './decision-world.ts';
import { rfi, scan, tenant } from './rfi-world.ts';

const MINUTE_MS = 60_000;

let w: DecisionWorld;
let list: ListOperations;
/** The ids of what acme was accepted, the newest first. */
let ids: string[];

const putCustomer = async (): Promise<string> => {
  const { state, now } = w.rfis.inside;
  const id = `${laneShard(LANE)}customer`;
  const { writes } = accept(undefined, { ...accountDraft(), partner: 'acme' }, id, now());
  await makeLaneStore(state).commitAll(LANE, writes);
  return id;
};

beforeEach(async () => {
  w = makeDecisionWorld();
  w.rfis.upstream = [1, 2, 3].map((n) => rfi(n, { customerRelationship: { status: 'ConsentPending' } }));
  w.rfis.customers = [1, 2].map((n) => ({ partner: 'acme', customerId: `c${n}`, tenantId: tenant(n) }));
  await scan(w.rfis);
  const { state } = w.rfis.inside;
  const lanes = makeLaneStore(state);
  list = makeListChanges({ state, lanes, readItems: makeReadItems(lanes), publicBaseUrl: BASE });
  const first = idOf(await w.decide(1));
  await w.settle();
  w.rfis.nowMs += MINUTE_MS;
  const second = await putCustomer();
  w.rfis.nowMs += MINUTE_MS;
  const third = idOf(await w.decide(2, { kind: 'rfi.decline', event: 'rfi.declined' }));
  ids = [third, second, first];
});

const shown = async (partner: string, query: Parameters<ListOperations>[1] = {}): Promise<OperationBody[]> => {
  const { value, nextLink } = (await list(partner, query)).body;
  if (nextLink === undefined) return value;
  const continuationToken = new URL(nextLink).searchParams.get('continuationToken') ?? '';
  return [...value, ...(await shown(partner, { ...query, continuationToken }))];
};
const shownIds = async (...asked: Parameters<typeof shown>): Promise<string[]> => (await shown(...asked)).map(({ id }) => id);

it('lists decisions about requests for information among the other changes, the newest first', async () => {
  const all = await shown('acme');
  expect(all.map(({ id }) => id)).toEqual(ids);
  expect(all.map(({ kind }) => kind)).toEqual(['rfi.decline', 'customer.put', 'rfi.accept']);
  expect(all[0]).toEqual(await w.body(ids[0] ?? ''));
  expect(all[2]).toEqual(await w.body(ids[2] ?? ''));
});

it.each([1, 2])('misses none of them and repeats none in pages of %d', async (maxpagesize) => {
  expect(await shownIds('acme', { maxpagesize })).toEqual(ids);
});

it('finds them by where they stand now', async () => {
  expect(await shownIds('acme', { status: 'Succeeded' })).toEqual([ids[2]]);
  expect(await shownIds('acme', { status: 'NotStarted' })).toEqual([ids[0], ids[1]]);
  await w.work(rfiLaneOf(tenant(2)), w.rfis.nowMs + MINUTE_MS);
  expect(await shownIds('acme', { status: 'Succeeded' })).toEqual([ids[0], ids[2]]);
});

it('shows a partner none of another one, and those about what is nobody’s to the operator alone', async () => {
  const own = idOf(await w.decide(3));
  expect(await shownIds('beta')).toEqual([]);
  expect(await shownIds('acme')).toEqual(ids);
  expect(await shownIds('operator')).toEqual([own]);
});
