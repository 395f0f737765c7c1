/** Sessions: who may receive what, in which order, and what happens when a holder goes. */
import { describe, expect, it } from 'vitest';
import type { Queue } from '../../../infra/local/service-bus/engine/queue.ts';
import type { Lease } from '../../../infra/local/service-bus/engine/sessions.ts';
import { LOCK_MS, makeQueue as makePlain, message as plain, type Fixture } from './queue-fixture.ts';

const makeQueue = (): Fixture => makePlain({ requiresSession: true });
const message = (messageId: string, sessionId: string) => plain(messageId, { sessionId });

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('expected a value');
  return value;
};

const receiveAll = (queue: Queue, lease: Lease): string[] => {
  const ids: string[] = [];
  for (let lock = queue.lockNext(lease); lock; lock = queue.lockNext(lease)) ids.push(lock.message.messageId);
  return ids;
};

const next = (queue: Queue): Lease | undefined => {
  let result: Lease | undefined;
  const giveUp = queue.sessions.acceptNext(0, (lease) => (result = lease));
  giveUp();
  return result;
};

describe('accepting', () => {
  it('refuses a message without a session id and stores nothing of its batch', () => {
    const { queue } = makeQueue();
    expect(queue.send([message('a', 's'), plain('b')])).toEqual({ kind: 'session-id-missing' });
    expect(queue.counts().active).toBe(0);
  });

  it('gives a session to one holder at a time', () => {
    const { queue } = makeQueue();
    queue.send([message('a', 's')]);
    const lease = must(queue.sessions.accept('s'));
    expect(queue.sessions.accept('s')).toBeUndefined();
    expect(next(queue)).toBeUndefined();
    queue.sessions.release(lease);
    expect(queue.sessions.accept('s')).toBeDefined();
  });

  it('locks a session by name that has no messages', () => {
    const { queue } = makeQueue();
    const lease = must(queue.sessions.accept('empty'));
    const got: string[] = [];
    queue.watch(() => void got.push(...receiveAll(queue, lease)), lease);
    queue.send([message('a', 'other'), message('b', 'empty')]);
    expect(got).toEqual(['b']);
  });

  it('gives out sessions with messages in the order in which they became free', () => {
    const { queue } = makeQueue();
    queue.send([message('a', 'one'), message('b', 'two'), message('c', 'one')]);
    const first = must(next(queue));
    expect([first.session.id, must(next(queue)).session.id, next(queue)]).toEqual(['one', 'two', undefined]);
    expect(receiveAll(queue, first)).toEqual(['a', 'c']);
  });

  it('keeps who asks for the next session waiting until one has messages', () => {
    const { queue, clock } = makeQueue();
    const got: (string | undefined)[] = [];
    queue.sessions.acceptNext(1000, (lease) => got.push(lease?.session.id));
    queue.sessions.acceptNext(1000, (lease) => got.push(lease?.session.id));
    clock.advance(999);
    queue.send([message('a', 's'), message('b', 's')]);
    expect(got).toEqual(['s']);
    clock.advance(1);
    expect(got).toEqual(['s', undefined]);
  });

  it('forgets a waiting request that was given up', () => {
    const { queue } = makeQueue();
    const giveUp = queue.sessions.acceptNext(1000, () => expect.unreachable());
    giveUp();
    queue.send([message('a', 's')]);
    expect(next(queue)?.session.id).toBe('s');
  });
});

describe('holding', () => {
  it('keeps the order within a session after an abandon', () => {
    const { queue } = makeQueue();
    queue.send([message('a', 's'), message('b', 's')]);
    const lease = must(next(queue));
    queue.settle(must(queue.lockNext(lease)).token, { kind: 'abandon', changes: {} });
    expect(receiveAll(queue, lease)).toEqual(['a', 'b']);
  });

  it('loses the session when its lock expires, and all its messages come back counted and in order', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('a', 's'), message('b', 's')]);
    const lease = must(next(queue));
    let lost = 0;
    lease.onLost = () => (lost += 1);
    const lock = must(queue.lockNext(lease));
    queue.lockNext(lease);
    clock.advance(LOCK_MS);
    expect([lost, lease.held, queue.sessions.renew(lease), queue.settle(lock.token, { kind: 'complete' })]).toEqual([
      1,
      false,
      undefined,
      'lock-lost',
    ]);
    const again = must(next(queue));
    const first = must(queue.lockNext(again));
    expect([first.message.messageId, first.message.deliveryCount]).toEqual(['a', 1]);
    expect(receiveAll(queue, again)).toEqual(['b']);
  });

  it('offers a lost session to who waits, from its first message on', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('a', 's'), message('b', 's')]);
    receiveAll(queue, must(next(queue)));
    const got: string[] = [];
    queue.sessions.acceptNext(LOCK_MS * 2, (lease) => lease && got.push(...receiveAll(queue, lease)));
    clock.advance(LOCK_MS);
    expect(got).toEqual(['a', 'b']);
  });

  it('keeps a renewed session, and its messages with it', () => {
    const { queue, clock } = makeQueue();
    queue.send([message('a', 's')]);
    const lease = must(next(queue));
    const lock = must(queue.lockNext(lease));
    clock.advance(LOCK_MS - 1);
    expect(queue.sessions.renew(lease)).toBe(clock.now() + LOCK_MS);
    clock.advance(LOCK_MS - 1);
    expect(queue.settle(lock.token, { kind: 'complete' })).toBe('settled');
  });

  it('returns locked messages at once and uncounted when the holder closes the session', () => {
    const { queue } = makeQueue();
    queue.send([message('a', 's')]);
    const lease = must(next(queue));
    queue.lockNext(lease);
    queue.sessions.release(lease);
    const again = must(next(queue));
    expect(queue.lockNext(again)?.message.deliveryCount).toBe(0);
  });

  it('lends a message lock no life of its own', () => {
    const { queue } = makeQueue();
    queue.send([message('a', 's')]);
    const lock = must(queue.lockNext(must(next(queue))));
    expect(queue.locks.renew(lock.token)).toBeUndefined();
  });
});

it('keeps the state of a session without messages until it is cleared', () => {
  const { queue } = makeQueue();
  const lease = must(queue.sessions.accept('s'));
  lease.session.state = Buffer.from('{}');
  queue.sessions.release(lease);
  expect(queue.sessions.find('s')?.state).toEqual(Buffer.from('{}'));
  const again = must(queue.sessions.accept('s'));
  again.session.state = undefined;
  queue.sessions.release(again);
  expect(queue.sessions.find('s')).toBeUndefined();
});

it('finds deferred messages of the own session only', () => {
  const { queue } = makeQueue();
  queue.send([message('a', 'one'), message('b', 'two')]);
  const lease = must(queue.sessions.accept('one'));
  queue.settle(must(queue.lockNext(lease)).token, { kind: 'defer', changes: {} });
  expect(queue.findDeferred([1], must(queue.sessions.accept('two')))).toBeUndefined();
  expect(queue.findDeferred([1], lease)).toHaveLength(1);
});
