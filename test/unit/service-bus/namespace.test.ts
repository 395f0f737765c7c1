/** Dead-letter queues by address, and forwarding from queue to queue. */
import { expect, it } from 'vitest';
import { fakeClock } from '../../../infra/local/lib/clock.ts';
import { Namespace, type EntitySettings } from '../../../infra/local/service-bus/engine/namespace.ts';
import type { Queue } from '../../../infra/local/service-bus/engine/queue.ts';
import { message } from './queue-fixture.ts';

const entity = (name: string, changes: Partial<EntitySettings> = {}): EntitySettings => ({
  name,
  lockDurationMs: 60_000,
  maxDeliveryCount: 1,
  defaultTtlMs: 3_600_000,
  duplicateWindowMs: 0,
  requiresSession: false,
  deadLetterOnExpiration: false,
  forwardTo: '',
  forwardDeadLetteredTo: '',
  ...changes,
});

const make = (...entities: EntitySettings[]) => {
  let tokens = 0;
  const clock = fakeClock();
  const namespace = new Namespace({ entities, clock, newLockToken: () => `t${++tokens}` });
  const queue = (address: string): Queue => {
    const found = namespace.find(address);
    if (!found) throw new Error(`no queue ${address}`);
    return found.queue;
  };
  return { clock, namespace, queue };
};

it('keeps dead letters under the queue’s own address, found in any case', () => {
  const { namespace, queue } = make(entity('Jobs'));
  queue('jobs').send([message('a')]);
  queue('JOBS').settle(queue('jobs').lockNext()?.token ?? '', { kind: 'abandon', changes: {} });
  expect(namespace.counts()).toEqual({ Jobs: { active: 0, scheduled: 0, deferred: 0, locked: 0, deadLetter: 1 } });
  expect(queue('jobs/$DeadLetterQueue').peek(0, 1)[0]).toMatchObject({ messageId: 'a', deadLetterSource: 'Jobs' });
  expect(namespace.find('other')).toBeUndefined();
});

it('never expires, counts or dead-letters a dead letter', () => {
  const { clock, queue } = make(entity('jobs', { deadLetterOnExpiration: true }));
  queue('jobs').send([message('a', { timeToLiveMs: 1000 })]);
  clock.advance(1000);
  const dead = queue('jobs/$deadletterqueue');
  clock.advance(24 * 3_600_000);
  for (let round = 0; round < 20; round++) dead.settle(dead.lockNext()?.token ?? '', { kind: 'abandon', changes: {} });
  const lock = dead.lockNext();
  expect(lock?.message.deliveryCount).toBe(20);
  expect(dead.settle(lock?.token ?? '', { kind: 'dead-letter', changes: {} })).toBe('not-allowed');
  expect(dead.settle(lock?.token ?? '', { kind: 'complete' })).toBe('settled');
});

it('forwards messages as they become available, and dead letters where told', () => {
  const { clock, queue } = make(
    entity('in', { forwardTo: 'work' }),
    entity('work', { forwardDeadLetteredTo: 'morgue' }),
    entity('morgue', { maxDeliveryCount: 9 }),
  );
  queue('in').send([message('now'), message('later', { scheduledAtMs: clock.now() + 1000 })]);
  expect(queue('in').counts()).toMatchObject({ active: 0, scheduled: 1 });
  clock.advance(1000);
  expect(
    queue('work')
      .peek(0, 9)
      .map((m) => m.messageId),
  ).toEqual(['now', 'later']);
  queue('work').settle(queue('work').lockNext()?.token ?? '', { kind: 'abandon', changes: {} });
  expect(queue('morgue').peek(0, 9)).toMatchObject([{ messageId: 'now', deadLetterSource: 'work' }]);
});

it('ends a circle of forwarding after four queues', () => {
  const { namespace, queue } = make(entity('a', { forwardTo: 'b' }), entity('b', { forwardTo: 'a' }));
  queue('a').send([message('round')]);
  const dead = Object.values(namespace.counts()).map(({ deadLetter }) => deadLetter);
  expect(dead).toEqual([1, 0]);
});
