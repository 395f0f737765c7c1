import { beforeEach, describe, expect, it } from 'vitest';
import { makeIdempotencyKeys, type IdempotencyKeys, type KeyScope } from '../../../shared/operations/idempotency-keys.ts';
import { memoryRowStore, type MemoryRowStore } from '../../fakes/memory-row-store.ts';
import { NOW_MS } from './samples.ts';

const SCOPE: KeyScope = { partner: 'acme', method: 'POST', path: 'number-orders', key: 'po-1' };
const TEN_MINUTES_MS = 600_000;

let nowMs: number;
let accepted: Set<string>;
let store: MemoryRowStore;
let keys: IdempotencyKeys;
beforeEach(() => {
  nowMs = NOW_MS;
  accepted = new Set();
  store = memoryRowStore();
  keys = makeIdempotencyKeys(
    store,
    async (id) => accepted.has(id),
    () => nowMs,
  );
});

describe('an idempotency key', () => {
  it('gives the same request the same operation id, however often it comes', async () => {
    expect(await keys.claim(SCOPE, 'body', 'first')).toEqual({ kind: 'yours', operationId: 'first' });
    nowMs += 10 * TEN_MINUTES_MS;
    expect(await keys.claim(SCOPE, 'body', 'second')).toEqual({ kind: 'yours', operationId: 'first' });
  });

  it('is refused to another body', async () => {
    await keys.claim(SCOPE, 'body', 'first');
    expect(await keys.claim(SCOPE, 'other', 'second')).toEqual({ kind: 'reused' });
    expect(await keys.look(SCOPE, 'other')).toEqual({ kind: 'reused' });
  });

  it('is refused to another body for good once its operation was accepted', async () => {
    await keys.claim(SCOPE, 'body', 'first');
    accepted.add('first');
    nowMs += 10 * TEN_MINUTES_MS;
    expect(await keys.claim(SCOPE, 'other', 'second')).toEqual({ kind: 'reused' });
    expect(await keys.look(SCOPE, 'other')).toEqual({ kind: 'reused' });
  });

  it('may be taken over after ten minutes when its operation never came', async () => {
    await keys.claim(SCOPE, 'body', 'first');
    nowMs += TEN_MINUTES_MS - 1;
    expect(await keys.claim(SCOPE, 'other', 'second')).toEqual({ kind: 'reused' });
    nowMs += 1;
    expect(await keys.look(SCOPE, 'other')).toBeUndefined();
    expect(await keys.claim(SCOPE, 'other', 'second')).toEqual({ kind: 'yours', operationId: 'second' });
    expect(await keys.claim(SCOPE, 'body', 'third')).toEqual({ kind: 'reused' });
  });

  it.each([
    ['partner', { partner: 'beta' }],
    ['path', { path: 'customers/contoso' }],
    ['method', { method: 'PUT' }],
  ])('of another %s is another key', async (_, other) => {
    await keys.claim(SCOPE, 'body', 'first');
    expect(await keys.claim({ ...SCOPE, ...other }, 'other', 'second')).toEqual({ kind: 'yours', operationId: 'second' });
  });

  it('is not claimed by looking', async () => {
    expect(await keys.look(SCOPE, 'body')).toBeUndefined();
    expect(store.partitions().flatMap((partition) => store.all(partition))).toEqual([]);
    await keys.claim(SCOPE, 'body', 'first');
    expect(await keys.look(SCOPE, 'body')).toEqual({ kind: 'yours', operationId: 'first' });
  });

  it('goes to one of two that come at the same time', async () => {
    const both = await Promise.all([keys.claim(SCOPE, 'body', 'first'), keys.claim(SCOPE, 'body', 'second')]);
    expect(new Set(both.map((claim) => claim.kind === 'yours' && claim.operationId)).size).toBe(1);
  });

  it('is never kept in clear', async () => {
    await keys.claim(SCOPE, 'body', 'first');
    expect(JSON.stringify(store.all('acme'))).not.toContain('po-1');
  });
});
