/** What a queue still holds after a restart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readDataFile, UnreadableData, writeDataFile } from '../../../infra/local/service-bus/data-file.ts';
import { makeQueue, message, TTL_MS, type Fixture } from './queue-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'service-bus-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The queue's contents through a file into a new queue, at the same moment. */
const restart = ({ queue }: Fixture): Fixture => {
  const file = join(folder, 'state');
  writeDataFile(file, { jobs: { queue: queue.save(), deadLetters: { messages: [], sessionStates: [] } } });
  const next = makeQueue(queue.settings);
  const saved = readDataFile(file)['jobs'];
  if (!saved) throw new Error('nothing was saved');
  next.queue.load(saved.queue);
  return next;
};

it('keeps messages with their number, count and properties, and goes on counting after them', () => {
  const before = makeQueue();
  before.queue.send([message('a', { content: Buffer.from([0, 255]) }), message('b')]);
  before.queue.settle(before.queue.lockNext()?.token ?? '', { kind: 'abandon', changes: { when: new Date(5), bytes: Buffer.from('x') } });
  const { queue } = restart(before);
  const first = queue.lockNext()?.message;
  expect(first).toMatchObject({ messageId: 'a', sequenceNumber: 1, deliveryCount: 1, content: Buffer.from([0, 255]) });
  expect(first?.changes).toEqual({ when: new Date(5), bytes: Buffer.from('x') });
  expect(queue.send([message('c')])).toEqual({ kind: 'sent', sequenceNumbers: [3] });
});

it('gives locked messages back, counted, and dead-letters those that were delivered too often', () => {
  const before = makeQueue({ maxDeliveryCount: 2 });
  before.queue.send([message('once'), message('twice')]);
  before.queue.lockNext();
  const twice = before.queue.lockNext();
  before.queue.settle(twice?.token ?? '', { kind: 'abandon', changes: {} });
  before.queue.lockNext();
  const after = restart(before);
  expect(after.queue.lockNext()?.message).toMatchObject({ messageId: 'once', deliveryCount: 1 });
  expect(after.dead).toMatchObject([{ messageId: 'twice' }]);
});

it('keeps scheduled and deferred messages, and expires the others at their time', () => {
  const before = makeQueue();
  before.queue.send([message('deferred'), message('later', { scheduledAtMs: before.clock.now() + 1000 }), message('mortal')]);
  before.queue.settle(before.queue.lockNext()?.token ?? '', { kind: 'defer', changes: {} });
  const { queue, clock } = restart(before);
  expect(queue.counts()).toEqual({ active: 1, scheduled: 1, deferred: 1, locked: 0 });
  clock.advance(1000);
  expect(queue.counts()).toMatchObject({ active: 2, scheduled: 0 });
  clock.advance(TTL_MS - 1000);
  expect(queue.counts()).toMatchObject({ active: 1, deferred: 1 });
});

it('keeps sessions, their order and their state', () => {
  const before = makeQueue({ requiresSession: true });
  before.queue.send([message('a', { sessionId: 's' }), message('b', { sessionId: 's' })]);
  const lease = before.queue.sessions.accept('s');
  if (!lease) throw new Error('no lease');
  lease.session.state = Buffer.from('{}');
  before.queue.lockNext(lease);
  const { queue } = restart(before);
  const again = queue.sessions.accept('s');
  expect(again?.session.state).toEqual(Buffer.from('{}'));
  expect([queue.lockNext(again)?.message.messageId, queue.lockNext(again)?.message.messageId]).toEqual(['a', 'b']);
});

it('begins empty without a file, and refuses one that is not its own', () => {
  expect(readDataFile(join(folder, 'none'))).toEqual({});
  const file = join(folder, 'foreign');
  writeFileSync(file, 'hello');
  expect(() => readDataFile(file)).toThrow(UnreadableData);
});
