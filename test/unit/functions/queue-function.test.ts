import { InvocationContext } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { apply } from '../../../functions/queue/apply.ts';
import { deliver } from '../../../functions/queue/deliver.ts';
import type { QueueFunction } from '../../../functions/queue/queue-function.ts';
import { sweep } from '../../../functions/timer/sweep.ts';
import { toWakeBody } from '../../../shared/platform/bus/envelope.ts';

const run = async ({ handler }: QueueFunction, message: unknown): Promise<string[]> => {
  const lines: string[] = [];
  const logHandler = (level: string, ...parts: unknown[]) => void lines.push(`${level} ${parts.join(' ')}`);
  await handler(message, new InvocationContext({ functionName: 'test', invocationId: 'one', logHandler }));
  return lines;
};
const lane = toWakeBody({ kind: 'lane', lane: 'acc.acme-contoso' });
const subscription = toWakeBody({ kind: 'subscription', subscription: 'sub_1' });
const failing = () => Promise.reject(new Error('the storage is away, +441632960000'));

describe('a queue function', () => {
  it('does the work that the wake names', async () => {
    const worked: string[] = [];
    await run(
      apply(async (name) => void worked.push(name)),
      lane,
    );
    await run(
      deliver(async (id) => void worked.push(id)),
      subscription,
    );
    expect(worked).toEqual(['acc.acme-contoso', 'sub_1']);
  });

  it.each([undefined, 'text', {}, { v: 2, wake: { lane: 'a' } }, { v: 1, wake: {} }, { v: 1, wake: { lane: '' } }])(
    'throws at a message that is no wake (%j), so that it ends among the dead letters',
    async (message) => {
      const worked: string[] = [];
      await expect(
        run(
          apply(async (name) => void worked.push(name)),
          message,
        ),
      ).rejects.toThrow('not a wake of kind lane');
      expect(worked).toEqual([]);
    },
  );

  it('throws at a wake of the other queue', async () => {
    await expect(run(apply(failing), subscription)).rejects.toThrow('not a wake of kind lane');
    await expect(run(deliver(failing), lane)).rejects.toThrow('not a wake of kind subscription');
  });

  it('logs an unexpected error and does not throw it: the due row comes back in its own time', async () => {
    const lines = await run(apply(failing), lane);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^error .*its due row stands/);
    expect(lines[0]).not.toContain('441632960000');
  });
});

describe('a timer function', () => {
  it('carries its schedule and lets its error be seen by the host', async () => {
    const { schedule, handler } = sweep('*/10 * * * * *', failing);
    expect(schedule).toBe('*/10 * * * * *');
    await expect(handler()).rejects.toThrow('the storage is away');
  });
});
