/** A queue on a clock that is moved by hand, with what it dead-letters kept in a list. */
import { fakeClock, type FakeClock } from '../../../infra/local/lib/clock.ts';
import { Alarms } from '../../../infra/local/service-bus/engine/alarms.ts';
import type { NewMessage } from '../../../infra/local/service-bus/engine/message.ts';
import { Queue, type QueueSettings } from '../../../infra/local/service-bus/engine/queue.ts';

export const LOCK_MS = 60_000;
export const TTL_MS = 3_600_000;

export type Fixture = { clock: FakeClock; queue: Queue; dead: NewMessage[] };

export const makeQueue = (changes: Partial<QueueSettings> = {}): Fixture => {
  const clock = fakeClock();
  const dead: NewMessage[] = [];
  let tokens = 0;
  const settings: QueueSettings = {
    name: 'jobs',
    lockDurationMs: LOCK_MS,
    maxDeliveryCount: 3,
    defaultTtlMs: TTL_MS,
    duplicateWindowMs: 0,
    requiresSession: false,
    deadLetterOnExpiration: false,
    ...changes,
  };
  const queue = new Queue(settings, {
    clock,
    alarms: new Alarms(clock),
    newLockToken: () => `token-${++tokens}`,
    deadLetter: (message) => void dead.push(message),
    forward: undefined,
  });
  return { clock, queue, dead };
};

export const message = (messageId: string, changes: Partial<NewMessage> = {}): NewMessage => ({
  messageId,
  sessionId: undefined,
  timeToLiveMs: undefined,
  scheduledAtMs: undefined,
  content: Buffer.from(messageId),
  ...changes,
});

/** Ids of the messages a receiver gets now, each left locked. */
export const lockAll = (queue: Queue): string[] => {
  const ids: string[] = [];
  for (let lock = queue.lockNext(); lock; lock = queue.lockNext()) ids.push(lock.message.messageId);
  return ids;
};
