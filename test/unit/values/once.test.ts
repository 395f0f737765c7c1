import { expect, test } from 'vitest';
import { ensuredStore } from '../../../shared/platform/tables/ensured-store.ts';
import { once } from '../../../shared/platform/values/once.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';

test('runs once for all who ask at the same time and later', async () => {
  let runs = 0;
  const ask = once(() => Promise.resolve(++runs));
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  expect(await ask()).toBe(1);
});

test('runs again after a failure, which everybody who waited hears of', async () => {
  let runs = 0;
  const ask = once(() => (++runs === 1 ? Promise.reject(new Error('down')) : Promise.resolve(runs)));
  const outcomes = await Promise.allSettled([ask(), ask()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask()).toBe(2);
});

test('makes the table before the first step of any kind, and once', async () => {
  let made = 0;
  const ensure = once(() => {
    made++;
    return Promise.resolve();
  });
  const store = ensuredStore(memoryRowStore(), ensure);
  await Promise.all([store.get('p', 'k'), store.range('p', 'a', 'z'), store.commit('p', [{ kind: 'put', key: 'k', value: 1 }])]);
  expect(made).toBe(1);
  expect((await store.get('p', 'k'))?.value).toBe(1);
});

test('does not touch the store while the table cannot be made', async () => {
  const store = memoryRowStore();
  const ensured = ensuredStore(store, () => Promise.reject(new Error('no storage')));
  await expect(ensured.commit('p', [{ kind: 'put', key: 'k', value: 1 }])).rejects.toThrow('no storage');
  expect(store.all('p')).toEqual([]);
});
