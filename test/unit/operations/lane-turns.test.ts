import { expect, it } from 'vitest';
import { makeLaneTurns } from '../../../shared/operations/lane-turns.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('steps of one lane follow each other, those of another lane do not wait for them', async () => {
  const inTurn = makeLaneTurns();
  const order: string[] = [];
  const gate = Promise.withResolvers<undefined>();
  const first = inTurn('a', async () => {
    await gate.promise;
    order.push('a1');
  });
  const second = inTurn('a', async () => void order.push('a2'));
  await inTurn('b', async () => void order.push('b1'));
  await settled();
  expect(order).toEqual(['b1']);
  gate.resolve(undefined);
  await Promise.all([first, second]);
  expect(order).toEqual(['b1', 'a1', 'a2']);
});

it('a step that fails fails alone', async () => {
  const inTurn = makeLaneTurns();
  const failed = inTurn('a', async () => {
    throw new Error('lost');
  });
  const next = inTurn('a', async () => 'done');
  await expect(failed).rejects.toThrow('lost');
  expect(await next).toBe('done');
});
