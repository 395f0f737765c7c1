import { expect, test } from 'vitest';
import { makeFindHeld, MAX_PARTITIONS } from '../../../shared/operations/held-numbers.ts';
import { makeNumberIndex } from '../../../shared/operations/number-index.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';

const heldBy = async (claims: Record<string, readonly string[]>) => {
  const table = memoryRowStore();
  const index = makeNumberIndex({ table, sleep: () => Promise.resolve(), random: () => 0 });
  for (const [lane, digits] of Object.entries(claims))
    await index.claim(
      lane.split('-')[0] ?? '',
      lane,
      digits.map((one) => ({ digits: one, op: 1 })),
    );
  return makeFindHeld({ index: table, holderName: (lane) => lane });
};

test("finds what a partner's customers hold within the blocks, both ends included, over several partitions of the index", async () => {
  const find = await heldBy({ 'acme-a': ['441632960000', '441632969999', '441632970000', '441632970001'], 'beta-b': ['441632960001'] });
  expect(await find('acme', [{ from: '+441632960000', to: '+441632970000' }], 10)).toEqual({
    kind: 'held',
    numbers: ['+441632960000', '+441632969999', '+441632970000'].map((number) => ({ number, holder: 'acme-a' })),
    more: false,
  });
});

test('finds short numbers, and does not take a longer one for them', async () => {
  const find = await heldBy({ 'acme-a': ['112', '4412', '44129'] });
  const numbers = async (from: string, to: string) => {
    const held = await find('acme', [{ from, to }], 10);
    return held.kind === 'held' ? held.numbers.map(({ number }) => number) : held.kind;
  };
  expect(await numbers('+100', '+999')).toEqual(['+112']);
  expect(await numbers('+4400', '+4499')).toEqual(['+4412']);
});

test('names as many as it is asked for, in order, and says that there are more', async () => {
  const find = await heldBy({ 'acme-a': ['441632960003', '441632960001', '441632960002'] });
  const held = await find('acme', [{ from: '+441632960000', to: '+441632960999' }], 2);
  expect(held).toEqual({
    kind: 'held',
    numbers: ['+441632960001', '+441632960002'].map((number) => ({ number, holder: 'acme-a' })),
    more: true,
  });
});

test('looks through no more than a request can take', async () => {
  const find = await heldBy({});
  const most = { from: '+440000000000', to: `+44${String(MAX_PARTITIONS * 10_000 - 1).padStart(10, '0')}` };
  expect(await find('acme', [most], 10)).toEqual({ kind: 'held', numbers: [], more: false });
  expect(await find('acme', [most, { from: '+451', to: '+451' }], 10)).toEqual({ kind: 'tooMany' });
});
