/** Sending, locking and settling in a queue without sessions. */
import { describe, expect, it } from 'vitest';
import { lockAll, LOCK_MS, makeQueue, message, TTL_MS } from './queue-fixture.ts';

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('expected a value');
  return value;
};

describe('sending and receiving', () => {
  it('numbers messages from 1 and hands them out in that order', () => {
    const { queue } = makeQueue();
    expect(queue.send([message('a'), message('b')])).toEqual({ kind: 'sent', sequenceNumbers: [1, 2] });
    expect(queue.send([message('c')])).toEqual({ kind: 'sent', sequenceNumbers: [3] });
    expect(lockAll(queue)).toEqual(['a', 'b', 'c']);
  });

  it('gives a locked message to nobody else and removes a completed one', () => {
    const { queue } = makeQueue();
    queue.send([message('a')]);
    const lock = must(queue.lockNext());
    expect(queue.lockNext()).toBeUndefined();
    expect(queue.settle(lock.token, { kind: 'complete' })).toBe('settled');
    expect(queue.counts()).toEqual({ active: 0, scheduled: 0, deferred: 0, locked: 0 });
    expect(queue.settle(lock.token, { kind: 'complete' })).toBe('lock-lost');
  });

  it('takes a message for good in receive-and-delete', () => {
    const { queue } = makeQueue();
    queue.send([message('a')]);
    expect(queue.takeNext()?.messageId).toBe('a');
    expect(queue.counts().active).toBe(0);
  });

  it('tells waiting receivers in turn', () => {
    const { queue } = makeQueue();
    const got: string[] = [];
    const receiver = (name: string) => () => {
      const lock = queue.lockNext();
      if (lock) got.push(`${name}:${lock.message.messageId}`);
    };
    queue.watch(receiver('one'));
    const end = queue.watch(receiver('two'));
    queue.send([message('a')]);
    queue.send([message('b')]);
    end();
    queue.send([message('c')]);
    expect(got).toEqual(['one:a', 'two:b', 'one:c']);
  });
});

describe('giving back', () => {
  it('returns an abandoned message to its place with its count and changed properties', () => {
    const { queue } = makeQueue();
    queue.send([message('a'), message('b')]);
    const first = must(queue.lockNext());
    expect(first.message.deliveryCount).toBe(0);
    queue.settle(first.token, { kind: 'abandon', changes: { seen: true } });
    const again = must(queue.lockNext());
    expect([again.message.messageId, again.message.deliveryCount, again.message.changes]).toEqual(['a', 1, { seen: true }]);
    expect(again.token).not.toBe(first.token);
  });

  it('dead-letters after the maximum of deliveries', () => {
    const { queue, dead } = makeQueue({ maxDeliveryCount: 2 });
    queue.send([message('a')]);
    for (let round = 0; round < 2; round++) queue.settle(must(queue.lockNext()).token, { kind: 'abandon', changes: {} });
    expect(queue.lockNext()).toBeUndefined();
    expect(dead).toMatchObject([
      { messageId: 'a', deadLetterSource: 'jobs', enqueuedSequenceNumber: 1, changes: { DeadLetterReason: 'MaxDeliveryCountExceeded' } },
    ]);
  });

  it('returns a message whose lock expires, counted, and refuses the late settlement', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('a')]);
    const lock = must(queue.lockNext());
    clock.advance(LOCK_MS - 1);
    expect(queue.lockNext()).toBeUndefined();
    clock.advance(1);
    expect(queue.settle(lock.token, { kind: 'complete' })).toBe('lock-lost');
    expect(queue.lockNext()?.message.deliveryCount).toBe(1);
  });

  it('keeps a lock that is renewed and refuses to renew a lost one', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('a')]);
    const lock = must(queue.lockNext());
    clock.advance(LOCK_MS - 1);
    expect(queue.locks.renew(lock.token)).toBe(clock.now() + LOCK_MS);
    clock.advance(LOCK_MS - 1);
    expect(queue.settle(lock.token, { kind: 'complete' })).toBe('settled');
    expect(queue.locks.renew(lock.token)).toBeUndefined();
  });

  it('dead-letters on request with the reason given', () => {
    const { queue, dead } = makeQueue();
    queue.send([message('a')]);
    const changes = { DeadLetterReason: 'bad', DeadLetterErrorDescription: 'worse' };
    expect(queue.settle(must(queue.lockNext()).token, { kind: 'dead-letter', changes })).toBe('settled');
    expect(dead).toMatchObject([{ messageId: 'a', changes }]);
  });
});

describe('deferring', () => {
  it('hides a deferred message until it is asked for by number', () => {
    const { queue } = makeQueue();
    queue.send([message('a')]);
    queue.settle(must(queue.lockNext()).token, { kind: 'defer', changes: { why: 'later' } });
    expect(queue.lockNext()).toBeUndefined();
    expect(queue.counts()).toMatchObject({ active: 0, deferred: 1 });
    const [found] = must(queue.findDeferred([1]));
    const lock = queue.locks.add(must(found), undefined);
    expect(queue.findDeferred([1])).toBeUndefined();
    queue.settle(lock.token, { kind: 'abandon', changes: {} });
    expect(queue.lockNext()).toBeUndefined();
    expect(queue.findDeferred([1])).toHaveLength(1);
  });

  it('finds nothing when one of the numbers is not deferred', () => {
    const { queue } = makeQueue();
    queue.send([message('a'), message('b')]);
    queue.settle(must(queue.lockNext()).token, { kind: 'defer', changes: {} });
    expect(queue.findDeferred([1, 2])).toBeUndefined();
    expect(queue.findDeferred([7])).toBeUndefined();
  });

  it('does not expire a deferred message', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('a')]);
    queue.settle(must(queue.lockNext()).token, { kind: 'defer', changes: {} });
    clock.advance(TTL_MS * 2);
    expect(queue.findDeferred([1])).toHaveLength(1);
  });
});

describe('scheduling', () => {
  it('makes a message available at its moment under a new number', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('later', { scheduledAtMs: clock.now() + 5000 }), message('now')]);
    expect(lockAll(queue)).toEqual(['now']);
    clock.advance(4999);
    expect(queue.lockNext()).toBeUndefined();
    clock.advance(1);
    const lock = must(queue.lockNext());
    expect([lock.message.messageId, lock.message.sequenceNumber, lock.message.enqueuedAtMs]).toEqual(['later', 3, clock.now()]);
  });

  it('wakes a waiting receiver at that moment', () => {
    const { queue, clock } = makeQueue();
    const got: string[] = [];
    queue.watch(() => void got.push(queue.lockNext()?.message.messageId ?? ''));
    queue.send([message('later', { scheduledAtMs: clock.now() + 5000 })]);
    clock.advance(5000);
    expect(got).toEqual(['later']);
  });

  it('takes a moment that has passed as now', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('a', { scheduledAtMs: clock.now() - 1 })]);
    expect(lockAll(queue)).toEqual(['a']);
  });

  it('cancels by the number it gave, once, and never an active message', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('later', { scheduledAtMs: clock.now() + 5000 }), message('now')]);
    expect([queue.cancelScheduled(1), queue.cancelScheduled(1), queue.cancelScheduled(2)]).toEqual([true, false, false]);
    clock.advance(5000);
    expect(lockAll(queue)).toEqual(['now']);
  });
});

describe('time to live', () => {
  it('drops an expired message', () => {
    const { queue, clock, dead } = makeQueue();
    queue.send([message('short', { timeToLiveMs: 1000 }), message('long', { timeToLiveMs: TTL_MS * 9 })]);
    clock.advance(1000);
    expect(queue.peek(1, 10).map((m) => m.messageId)).toEqual(['long']);
    clock.advance(TTL_MS - 1000);
    expect(queue.counts().active).toBe(0);
    expect(dead).toEqual([]);
  });

  it('dead-letters an expired message where the queue says so', () => {
    const { queue, clock, dead } = makeQueue({ deadLetterOnExpiration: true });
    queue.send([message('a', { timeToLiveMs: 1000 })]);
    clock.advance(1000);
    expect(dead).toMatchObject([{ messageId: 'a', changes: { DeadLetterReason: 'TTLExpiredException' } }]);
  });

  it('lets a locked message be completed after its time, and ends it when it comes back', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('a', { timeToLiveMs: 1000 }), message('b', { timeToLiveMs: 1000 })]);
    const [a, b] = [must(queue.lockNext()), must(queue.lockNext())];
    clock.advance(2000);
    expect(queue.settle(a.token, { kind: 'complete' })).toBe('settled');
    queue.settle(b.token, { kind: 'abandon', changes: {} });
    expect(queue.counts().active).toBe(0);
  });

  it('counts the time of a scheduled message from its moment on', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('a', { scheduledAtMs: clock.now() + 5000, timeToLiveMs: 1000 })]);
    clock.advance(5999);
    expect(queue.counts().active).toBe(1);
    clock.advance(1);
    expect(queue.counts().active).toBe(0);
  });
});

describe('duplicate detection', () => {
  it('accepts and drops a repeated id within the window, scheduled ones too', () => {
    const { queue, clock } = makeQueue({ duplicateWindowMs: 20_000 });
    queue.send([message('a'), message('a')]);
    expect(queue.send([message('a', { scheduledAtMs: clock.now() + 1000 })]).kind).toBe('sent');
    expect(queue.counts()).toMatchObject({ active: 1, scheduled: 0 });
    clock.advance(20_000);
    queue.send([message('a')]);
    expect(queue.counts().active).toBe(2);
  });

  it('keeps repeated ids where it is off', () => {
    const { queue } = makeQueue();
    queue.send([message('a'), message('a')]);
    expect(queue.counts().active).toBe(2);
  });
});

it('peeks at everything from a number on, available or not', () => {
  const { queue, clock } = makeQueue();
  queue.send([message('a'), message('b'), message('c', { scheduledAtMs: clock.now() + 1 })]);
  queue.settle(must(queue.lockNext()).token, { kind: 'defer', changes: {} });
  queue.lockNext();
  expect(queue.peek(1, 10).map((m) => `${m.messageId} ${m.status}`)).toEqual(['a deferred', 'b active', 'c scheduled']);
  expect(queue.peek(2, 1).map((m) => m.messageId)).toEqual(['b']);
});

it('leaves no alarm behind when everything is completed', () => {
  const { queue, clock } = makeQueue();
  queue.send([message('a'), message('b')]);
  for (let lock = queue.lockNext(); lock; lock = queue.lockNext()) queue.settle(lock.token, { kind: 'complete' });
  clock.advance(TTL_MS * 2);
  expect(clock.waiting()).toBe(0);
});
