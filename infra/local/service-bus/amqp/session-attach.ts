/** A receiver that asks for a session: by name, or for the next one that is free and has messages. */
import type { Queue } from '../engine/queue.ts';
import type { Lease } from '../engine/sessions.ts';
import { noSessionInTime, sessionCannotBeLocked } from './conditions.ts';
import { types, type AmqpError, type AmqpLink } from './rhea.ts';

const SESSION_FILTER = 'com.microsoft:session-filter';
const TIMEOUT = 'com.microsoft:timeout';
const LOCKED_UNTIL = 'com.microsoft:locked-until-utc';
/** The operation time-out of the clients, for one that does not say how long it waits. */
const DEFAULT_WAIT_MS = 60_000;
/** .NET counts time in units of 100 ns since the year 1. */
const TICKS_PER_MS = 10_000n;
const EPOCH_TICKS = 621_355_968_000_000_000n;

/** `null` asks for any session; undefined asks for none. */
export const requestedSession = (link: AmqpLink): string | null | undefined => {
  const filter = link.source?.filter;
  if (!filter || !(SESSION_FILTER in filter)) return undefined;
  const value = filter[SESSION_FILTER];
  const plain: unknown = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  return typeof plain === 'string' ? plain : null;
};

export type SessionRequest = {
  queue: Queue;
  sessionId: string | null;
  accepted: (lease: Lease) => void;
  refused: (error: AmqpError) => void;
};

/** Calls one of the two answers, at once or later. The result gives up waiting. */
export const requestSession = (link: AmqpLink, { queue, sessionId, accepted, refused }: SessionRequest): (() => void) => {
  if (sessionId === null) {
    return queue.sessions.acceptNext(waitMs(link), (lease) => (lease ? accepted(lease) : refused(noSessionInTime)));
  }
  const lease = queue.sessions.accept(sessionId);
  if (lease) accepted(lease);
  else refused(sessionCannotBeLocked(sessionId));
  return () => undefined;
};

const waitMs = (link: AmqpLink): number => {
  const wanted = link.properties?.[TIMEOUT];
  return typeof wanted === 'number' ? wanted : DEFAULT_WAIT_MS;
};

/** Writes into the answer which session it is and until when it is locked. */
export const answerWithSession = (link: AmqpLink, lease: Lease): void => {
  link.set_source({ address: link.source?.address ?? null, filter: { [SESSION_FILTER]: lease.session.id } });
  link.local.attach['properties'] = { [LOCKED_UNTIL]: types.wrap_long(toTicks(lease.lockedUntilMs)) };
};

const toTicks = (ms: number): Buffer => {
  const ticks = Buffer.alloc(8);
  ticks.writeBigInt64BE(BigInt(ms) * TICKS_PER_MS + EPOCH_TICKS);
  return ticks;
};
