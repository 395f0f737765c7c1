import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accept } from '../../../shared/operations/accept.ts';
import { makeAcceptOperation } from '../../../shared/operations/accept-operation.ts';
import { batchBody } from '../../../shared/operations/batch-body.ts';
import { makeIdempotencyKeys } from '../../../shared/operations/idempotency-keys.ts';
import type { Batch, Operation } from '../../../shared/operations/model.ts';
import { partOf, payloadAt, type OwnDraft } from '../../../shared/operations/own-settings.ts';
import { makeReadItems } from '../../../shared/operations/read-items.ts';
import { releaseHeld } from '../../../shared/operations/release-held.ts';
import { toProperties, wireBytesOf } from '../../../shared/platform/tables/row-codec.ts';
import { MAX_TRANSACTION_BYTES, MAX_TRANSACTION_ROWS } from '../../../shared/platform/tables/transaction-budget.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { laneWorld, worldWithAccount, type LaneWorld } from './lane-world.ts';
import { digitsFrom, LANE, laneOf, NOW_MS, numbersDraft, rowOf } from './samples.ts';

const usage = (name: string): Record<string, unknown> => ({ serviceDetails: { teamsOperatorConnect: { configuration: { usage: name } } } });
const BASE = { serviceDetails: { teamsOperatorConnect: { enabled: true, configuration: { usage: 'Calling', locationId: 'here' } } } };
const CONFERENCE = usage('Conference');
/** Takes the location away. */
const ELSEWHERE = { serviceDetails: { teamsOperatorConnect: { configuration: { civicAddressId: 'there', locationId: null } } } };

/** Every third number as ordered, the others with one of two settings of their own; every fifth with a reference. */
const mixedOver = (count: number): OwnDraft => {
  const places = Array.from({ length: count }, (_, n) => n);
  return {
    payloads: new Map(places.filter((n) => n % 3 > 0).map((n) => [n, n % 3 === 1 ? CONFERENCE : ELSEWHERE])),
    references: new Map(places.filter((n) => n % 5 === 0).map((n) => [n, `line ${n}`])),
  };
};
const wantedOf = (n: number): unknown => {
  const { teamsOperatorConnect: own } = BASE.serviceDetails;
  if (n % 3 === 0) return BASE;
  const configuration = n % 3 === 1 ? { ...own.configuration, usage: 'Conference' } : { usage: 'Calling', civicAddressId: 'there' };
  return { serviceDetails: { teamsOperatorConnect: { ...own, configuration } } };
};

const bodyOf = async (world: LaneWorld, operation: Operation, batch: Batch): Promise<{ numbers: Record<string, unknown>[] }> => {
  const own = await world.lanes.readOwn(operation, batch.members.map(partOf));
  const body = batchBody(await world.lane(), batch, (member) => payloadAt(operation, own, member));
  return JSON.parse(body) as { numbers: Record<string, unknown>[] };
};

const bytesOf = (draft: Parameters<typeof numbersDraft>[1]): { rows: number; bytes: number } => {
  const { writes } = accept(rowOf(laneOf({ due: {} })), numbersDraft(digitsFrom(0, 10_000), draft), '00op-2', NOW_MS);
  return {
    rows: writes.length,
    bytes: writes.reduce((sum, write) => sum + ('value' in write ? wireBytesOf(toProperties(write.value)) : 0), 0),
  };
};

const text = (length: number): string => randomBytes(length).toString('base64url').slice(0, length);

describe('an order whose numbers have settings of their own', () => {
  it('sends each number with its own over those of the order, in batches that mix them', async () => {
    const world = await worldWithAccount();
    const digits = digitsFrom(0, 1_260);
    const operation = await world.order(digits, { payload: BASE, own: mixedOver(1_260) });
    const sent = new Map<string, unknown>();
    for (let next = await world.claimNext(); next.kind === 'claimed'; next = await world.claimNext()) {
      const { numbers } = await bodyOf(world, operation, next.batch);
      expect(new Set(numbers.map(({ serviceDetails }) => JSON.stringify(serviceDetails))).size).toBeGreaterThan(1);
      for (const { telephoneNumber, accountName: _, ...settings } of numbers) sent.set(String(telephoneNumber), settings);
      await world.answer(next.batch, 'synced');
      await world.fold();
    }
    expect(digits.map((one) => sent.get(`+${one}`))).toEqual(digits.map((_, n) => wantedOf(n)));
  });

  it('keeps them when it takes another place in the line than it was accepted at', async () => {
    const world = laneWorld();
    await world.changeAccount();
    await world.drain('synced');
    const { id } = await world.order(digitsFrom(0, 2), { payload: BASE, own: mixedOver(2), notBeforeMs: NOW_MS + 60_000 });
    await world.order(digitsFrom(5, 1));
    await world.drain('synced');
    world.moveClock(60_000);
    await releaseHeld(world.step, LANE);
    const operation = (await world.lanes.readOperation(id)) ?? expect.fail('no operation');
    const { numbers } = await bodyOf(world, operation, await world.claimBatch());
    expect([operation.seq, ...numbers.map(({ serviceDetails }) => ({ serviceDetails }))]).toEqual([4, wantedOf(0), wantedOf(1)]);
  });

  it('tells what was asked of each item, and the name that the partner gave it', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 600), { payload: BASE, own: mixedOver(600) });
    const read = (await makeReadItems(world.lanes)('acme', id)) ?? expect.fail('no order');
    const wishes = await read.wishesOf(read.items.slice(249, 256));
    expect(wishes.map(({ payload }) => payload)).toEqual([249, 250, 251, 252, 253, 254, 255].map(wantedOf));
    expect(wishes.map(({ reference }) => reference)).toEqual([
      undefined,
      'line 250',
      undefined,
      undefined,
      undefined,
      undefined,
      'line 255',
    ]);
  });

  it('never sends a number whose own settings cannot be read', () => {
    expect(() => payloadAt({ payload: BASE, ownParts: [0] }, new Map(), { seg: 0, item: 7 })).toThrow('was not read');
  });
});

describe('accepting 10,000 numbers with settings of their own', () => {
  it('adds a small row for 250 numbers when they share a few', () => {
    const plain = bytesOf({});
    const mixed = bytesOf({ payload: BASE, own: mixedOver(10_000) });
    expect(mixed.rows).toBe(plain.rows + 40);
    expect(mixed.bytes - plain.bytes).toBeLessThan(130_000);
  });

  it('fits one transaction when each has an address, a location, a header and a reference that no other has', () => {
    const payloads = new Map(
      Array.from({ length: 10_000 }, (_, n) => {
        const configuration = { civicAddressId: crypto.randomUUID(), locationId: crypto.randomUUID() };
        const own = { serviceDetails: { teamsOperatorConnect: { configuration } }, configuration: { customSipHeader: text(20) } };
        return [n, own] as const;
      }),
    );
    const references = new Map(Array.from(payloads.keys(), (n) => [n, text(20)] as const));
    const { rows, bytes } = bytesOf({ own: { payloads, references } });
    expect(rows).toBeLessThan(MAX_TRANSACTION_ROWS - 10);
    expect(bytes).toBeLessThan(MAX_TRANSACTION_BYTES * 0.8);
  });

  it('is answered as too large, with nothing stored, when it does not fit', async () => {
    const world = await worldWithAccount();
    const acceptOperation = makeAcceptOperation({
      ...world.step,
      keys: makeIdempotencyKeys(
        memoryRowStore(),
        () => Promise.resolve(false),
        () => NOW_MS,
      ),
      newId: () => 'big',
      wakeLane: () => Promise.resolve(),
    });
    const payloads = new Map(Array.from({ length: 10_000 }, (_, n) => [n, usage(text(400))] as const));
    const own = { payloads, references: new Map<number, string>() };
    expect(await acceptOperation(numbersDraft(digitsFrom(0, 10_000), { own }))).toEqual({ kind: 'tooLarge' });
    expect((await world.lane()).accepted).toBe(1);
  });
});
