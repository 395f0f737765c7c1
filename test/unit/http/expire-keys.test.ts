import { beforeEach, describe, expect, it } from 'vitest';
import { makeIdempotencyKeys, type IdempotencyKeys, type KeyScope } from '../../../shared/operations/idempotency-keys.ts';
import { makeExpireKeys, type ExpireKeys } from '../../../shared/platform/http/expire-keys.ts';
import { makeRunOnce, type RunOnce } from '../../../shared/platform/http/repeats.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { memoryRowStore, type MemoryRowStore } from '../../fakes/memory-row-store.ts';

const DAY_MS = 86_400_000;
const OWNERS = ['operator', 'acme', 'beta'];

let keys: MemoryRowStore;
let leases: MemoryRowStore;
let nowMs: number;
let ofOrders: IdempotencyKeys;
let runOnce: RunOnce;
let expire: ExpireKeys;
const now = (): number => nowMs;

const expireOver = (table: RowStore): ExpireKeys => makeExpireKeys({ keys: table, leases, now, owners: () => Promise.resolve(OWNERS) });

beforeEach(() => {
  keys = memoryRowStore();
  leases = memoryRowStore();
  nowMs = Date.parse('2026-11-22T02:00:00Z');
  ofOrders = makeIdempotencyKeys(keys, () => Promise.resolve(true), now);
  runOnce = makeRunOnce({ keys, now });
  expire = expireOver(keys);
});

const scope = (partner: string, key = 'k1'): KeyScope => ({ partner, method: 'POST', path: 'number-orders', key });
const answered = async (body: string): Promise<unknown> => {
  const request = { scope: { owner: 'beta', method: 'POST', path: 'things', key: 'k2' }, requestHash: 'a', secrets: [] };
  const answer = await runOnce(request, () => Promise.resolve({ status: 201 as const, body }));
  return 'body' in answer ? answer.body : answer;
};
const total = (): number => OWNERS.reduce((sum, owner) => sum + keys.keys(owner).length, 0);
/** As the timer calls it, until it has been everywhere. */
const expireAll = async (): Promise<void> => {
  for (let n = 0; n < 10; n++) await expire();
};

describe('an Idempotency-Key within its life of 90 days', () => {
  it('still stands for its first request, however often old keys are removed', async () => {
    await ofOrders.claim(scope('acme'), 'body', 'first');
    expect(await answered('first')).toBe('first');
    nowMs += 90 * DAY_MS - 1;
    await expireAll();
    expect(await ofOrders.claim(scope('acme'), 'body', 'second')).toEqual({ kind: 'yours', operationId: 'first' });
    expect(await ofOrders.look(scope('acme'), 'other')).toEqual({ kind: 'reused' });
    expect(await answered('second')).toBe('first');
  });
});

describe('an Idempotency-Key beyond its life', () => {
  it.each([true, false])('may be used for anything, removed or not (%s)', async (removed) => {
    await ofOrders.claim(scope('acme'), 'body', 'first');
    await answered('first');
    nowMs += 90 * DAY_MS;
    if (removed) await expireAll();
    expect(await ofOrders.look(scope('acme'), 'other')).toBeUndefined();
    expect(await ofOrders.claim(scope('acme'), 'other', 'second')).toEqual({ kind: 'yours', operationId: 'second' });
    expect(await ofOrders.claim(scope('acme'), 'other', 'third')).toEqual({ kind: 'yours', operationId: 'second' });
    expect(await answered('second')).toBe('second');
    await expireAll();
    expect(await ofOrders.look(scope('acme'), 'other')).toEqual({ kind: 'yours', operationId: 'second' });
  });

  it('is removed, with those of everybody else', async () => {
    for (const owner of OWNERS) await ofOrders.claim(scope(owner), 'body', 'first');
    await answered('first');
    expect(total()).toBe(4);
    nowMs += 90 * DAY_MS;
    expect(await expire()).toBe(4);
    expect(total()).toBe(0);
  });
});

describe('removing old keys', () => {
  const fill = async (): Promise<void> => {
    for (let n = 0; n < 3_000; n++) await ofOrders.claim(scope(n % 2 === 0 ? 'acme' : 'beta', `k${n}`), 'body', `o${n}`);
  };

  it('looks at a bounded number of them at a time, and comes to all', async () => {
    await fill();
    nowMs += 90 * DAY_MS;
    const counts = [await expire(), await expire(), await expire()];
    expect(counts.map((count) => count > 0)).toEqual([true, true, false]);
    expect(Math.max(...counts)).toBeLessThanOrEqual(2_500);
    expect(total()).toBe(0);
  });

  it('comes to keys that have grown old after it went by', async () => {
    await fill();
    await expire();
    nowMs += 90 * DAY_MS;
    await expireAll();
    expect(total()).toBe(0);
  });

  it('goes on after the process has died at any of its deletes', async () => {
    for (let at = 0; at < 40; at += 7) {
      for (let n = 0; n < 40; n++) await ofOrders.claim(scope('acme', `k${at}-${n}`), 'body', 'o');
      nowMs += 90 * DAY_MS;
      let left = at;
      const dying = {
        ...keys,
        commit: (...of: Parameters<RowStore['commit']>) => (left-- > 0 ? keys.commit(...of) : Promise.reject(new Error('killed'))),
      };
      await expect(expireOver(dying)()).rejects.toThrow('killed');
      await expireAll();
      expect(total()).toBe(0);
    }
  });

  it('leaves a key that was claimed anew in the moment of its removal', async () => {
    await ofOrders.claim(scope('acme'), 'body', 'first');
    nowMs += 90 * DAY_MS;
    const late: RowStore = {
      ...keys,
      range: async (...of) => {
        const rows = await keys.range(...of);
        await ofOrders.claim(scope('acme'), 'other', 'second');
        return rows;
      },
    };
    expect(await expireOver(late)()).toBe(0);
    expect(await ofOrders.look(scope('acme'), 'other')).toEqual({ kind: 'yours', operationId: 'second' });
  });
});
