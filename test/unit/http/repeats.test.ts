import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { makeRunOnce, type RepeatedRequest } from '../../../shared/platform/http/repeats.ts';
import type { Answer } from '../../../shared/platform/http/respond.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';

const SCOPE = { owner: 'acme', method: 'POST', path: 'things', key: 'k1' };
const REQUEST: RepeatedRequest = { scope: SCOPE, requestHash: 'a', secrets: ['secret'] };
const MADE: Answer = { status: 201, headers: { ETag: '"1"' }, body: { id: 't1', secret: 'hush' } };
const DAY_MS = 86_400_000;

const world = () => {
  const keys = memoryRowStore();
  let nowMs = 0;
  let done = 0;
  const runOnce = makeRunOnce({ keys, now: () => nowMs });
  const work =
    (answer: Answer | AppError = MADE) =>
    (): Promise<Answer | AppError> => {
      done++;
      return Promise.resolve(answer);
    };
  return { keys, runOnce, work, done: () => done, wait: (ms: number) => void (nowMs += ms) };
};

const codeOf = (outcome: Answer | AppError): string | undefined => (outcome instanceof AppError ? outcome.code : undefined);

describe('a request with an Idempotency-Key', () => {
  it('is carried out once; a repeat gets the same answer and is told that it is one, without the secret', async () => {
    const { keys, runOnce, work, done } = world();
    expect(await runOnce(REQUEST, work())).toEqual(MADE);
    expect(await runOnce(REQUEST, work())).toEqual({
      status: 201,
      headers: { ETag: '"1"', 'Idempotency-Replayed': 'true' },
      body: { id: 't1' },
    });
    expect(done()).toBe(1);
    expect(JSON.stringify(keys.all('acme'))).not.toContain('hush');
  });

  it('is refused as another request under the same key, and known for 90 days', async () => {
    const { runOnce, work, wait } = world();
    await runOnce(REQUEST, work());
    wait(89 * DAY_MS);
    expect(codeOf(await runOnce({ ...REQUEST, requestHash: 'b' }, work()))).toBe('IdempotencyKeyReused');
    wait(DAY_MS);
    expect(await runOnce({ ...REQUEST, requestHash: 'b' }, work())).toEqual(MADE);
  });

  it('finds its key in use while the first one is served', async () => {
    const { runOnce, work } = world();
    const inside: (string | undefined)[] = [];
    await runOnce(REQUEST, async () => {
      inside.push(codeOf(await runOnce(REQUEST, work())), codeOf(await runOnce({ ...REQUEST, requestHash: 'b' }, work())));
      return MADE;
    });
    expect(inside).toEqual(['IdempotencyKeyInUse', 'IdempotencyKeyReused']);
  });

  it.each([
    ['was refused', () => Promise.resolve(new AppError('LimitReached'))],
    ['failed', () => Promise.reject(new Error('no storage'))],
  ])('leaves its key free when it %s', async (_how, first) => {
    const { runOnce, work } = world();
    await runOnce(REQUEST, first).catch(() => undefined);
    expect(await runOnce({ ...REQUEST, requestHash: 'b' }, work())).toEqual(MADE);
  });

  it('is carried out again when whoever served it has died', async () => {
    const { runOnce, work, wait } = world();
    void runOnce(REQUEST, () => new Promise(() => undefined));
    await Promise.resolve();
    wait(239_000);
    expect(codeOf(await runOnce(REQUEST, work()))).toBe('IdempotencyKeyInUse');
    wait(1_000);
    expect(await runOnce(REQUEST, work())).toEqual(MADE);
  });

  it('of another owner, method or path has nothing to do with it', async () => {
    const { runOnce, work, done } = world();
    for (const scope of [SCOPE, { ...SCOPE, owner: 'beta' }, { ...SCOPE, method: 'DELETE' }, { ...SCOPE, path: 'others' }])
      expect(await runOnce({ ...REQUEST, scope }, work())).toEqual(MADE);
    expect(done()).toBe(4);
  });

  it('is carried out by one of those that come at the same time', async () => {
    const { runOnce, work, done } = world();
    const outcomes = await Promise.all([1, 2, 3].map(() => runOnce(REQUEST, work())));
    expect(done()).toBe(1);
    expect(outcomes.filter((outcome) => codeOf(outcome) === 'IdempotencyKeyInUse' || outcome instanceof AppError)).toHaveLength(2);
  });
});
