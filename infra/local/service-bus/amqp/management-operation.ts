/** What an operation of the management node is given, and how it may end. */
import type { Queue } from '../engine/queue.ts';
import type { Lease } from '../engine/sessions.ts';
import type { AmqpError } from './rhea.ts';

export type ManagementContext = {
  queue: Queue;
  newMessageId: () => string;
  /** The lease that this connection has on a session of the queue. */
  findLease: (sessionId: string) => Lease | undefined;
};

export type ManagementResult = { kind: 'done'; body?: Record<string, unknown> } | { kind: 'empty' } | { kind: 'failed'; error: AmqpError };
export type ManagementOperation = (body: Record<string, unknown>, context: ManagementContext) => ManagementResult;
