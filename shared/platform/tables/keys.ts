/** Pure: every partition and row key of table `State`, built in one place (ADR 0002). */
import { createHash } from 'node:crypto';

/** Fixed at first start: the same lane must always hash to the same partition. */
export const SHARDS = 32;

const SEPARATOR = '|';
/** The character after the separator: `range(p, prefix + '|', prefix + '}')` reads all rows below a prefix. */
const AFTER_SEPARATOR = '}';
/** More recordings than any log lives to see. */
const MAX_RECORD = 9_999_999_999;
/** After every time that a clock will show; as many digits as its milliseconds have. */
const MAX_TIME_MS = 9_999_999_999_999;
/** Wide enough for every counter of a lane or a log; sorts as text. */
const COUNTER_DIGITS = 10;

const shardOf = (text: string): string =>
  (createHash('sha256').update(text).digest().readUInt32BE(0) % SHARDS).toString(16).padStart(2, '0');

export const counter = (n: number): string => n.toString().padStart(COUNTER_DIGITS, '0');
export const timeKey = (ms: number): string => new Date(ms).toISOString();
const timeDown = (ms: number): string => (MAX_TIME_MS - ms).toString().padStart(13, '0');
export const timeOfKey = (text: string): number => Date.parse(text);

/** Two hex digits; an operation's id starts with them, so that the id alone finds its partition. */
export const laneShard = (lane: string): string => shardOf(`lane|${lane}`);
export const lanePartition = (lane: string): string => `a${laneShard(lane)}`;
export const operationPartition = (operationId: string): string => `a${operationId.slice(0, 2)}`;
export const logPartition = (subscriptionId: string): string => `w${shardOf(`log|${subscriptionId}`)}`;

const shards = Array.from({ length: SHARDS }, (_, n) => n.toString(16).padStart(2, '0'));
export const LANE_PARTITIONS: readonly string[] = shards.map((s) => `a${s}`);
export const LOG_PARTITIONS: readonly string[] = shards.map((s) => `w${s}`);

const join = (...parts: string[]): string => parts.join(SEPARATOR);

export const laneKey = (lane: string): string => join('lane', lane);
export const operationKey = (lane: string, seq: number): string => join('op', lane, counter(seq));
export const operationIdKey = (operationId: string): string => join('id', operationId);
/** What a partner had accepted, by kind; time counts down, so that a range begins with the newest. */
export const acceptedKey = (partner: string, kind: string, atMs: number, operationId: string): string =>
  join('list', partner, kind, timeDown(atMs), operationId);
export const acceptedBelow = (
  partner: string,
  kind: string,
  after: { afterMs?: number; beforeMs?: number },
): { from: string; to: string } => {
  const all = below('list', partner, kind);
  return {
    from: after.beforeMs === undefined ? all.from : join('list', partner, kind, timeDown(after.beforeMs - 1)),
    to: after.afterMs === undefined ? all.to : join('list', partner, kind, timeDown(after.afterMs)),
  };
};
export const segmentKey = (lane: string, seq: number, part: number): string =>
  join('seg', lane, counter(seq), part.toString().padStart(2, '0'));
/** By the operation's id, which stays when it takes another place in its lane. */
export const ownPartKey = (lane: string, operationId: string, part: number): string =>
  join('own', lane, operationId, part.toString().padStart(2, '0'));
/** What one number was asked to be last, by itself: put or released. */
export const askedKey = (lane: string, sentAs: string, digits: string): string => join('ask', lane, sentAs, digits);
export const retryKey = (lane: string, seq: number, by: number): string => join('retry', lane, counter(seq), counter(by));
export const batchKey = (lane: string, n: number): string => join('batch', lane, counter(n));
/** An answer to a Request for Information: no `op`, so nothing that works on accounts takes it for one. */
export const decisionKey = (lane: string, n: number): string => join('dec', lane, counter(n));
/** `start`: the digits of a block of numbers without their last two. */
export const numberBlockKey = (lane: string, start: string): string => join('num', lane, start);
export const errorTextsKey = (lane: string, n: number): string => join('err', lane, counter(n));
/** What a page of the gateway's lists has shown to a comparison. */
export const seenPageKey = (lane: string, run: string, page: number): string => join('seen', lane, run, counter(page));
/** What an adoption found in one page of the gateway's list, by pass and page. */
export const findingsKey = (lane: string, pass: number, page: number): string => join('find', lane, counter(pass), counter(page));
export const freedKey = (lane: string, n: number): string => join('free', lane, counter(n));
export const eventKey = (lane: string, seq: number): string => join('evt', lane, counter(seq));
export const dueKey = (kind: string, atMs: number, owner: string): string => join('due', kind, timeKey(atMs), owner);
export const headKey = (subscriptionId: string): string => join('head', subscriptionId);
export const logEventKey = (subscriptionId: string, sequence: number): string => join('ev', subscriptionId, counter(sequence));
export const logEventIdKey = (subscriptionId: string, eventId: string): string => join('eid', subscriptionId, eventId);
/** Counts down, so that a range begins with the newest. */
export const attemptsKey = (subscriptionId: string, record: number, part: number): string =>
  join('try', subscriptionId, counter(MAX_RECORD - record), part.toString());

/** Table `NumberIndex`: ten thousand numbers to a partition, a hundred to a row. */
export const numberIndexPartition = (digits: string): string => join('n', digits.slice(0, -4));
export const numberIndexKey = (digits: string): string => join('n', digits.slice(0, -2));

/** Table `Audit`: time counts down, so that a range begins with the newest. */
export const auditKey = (atMs: number, requestId: string): string => join(timeDown(atMs), requestId);
/** Of all rows within exclusive bounds of time. */
export const auditBounds = ({ afterMs, beforeMs }: { afterMs?: number | undefined; beforeMs?: number | undefined }) => ({
  from: beforeMs === undefined ? '0' : timeDown(beforeMs - 1),
  to: afterMs === undefined ? AFTER_SEPARATOR : timeDown(afterMs),
});

/** Bounds of all rows whose key starts with these parts. */
export const below = (...parts: string[]): { from: string; to: string } => ({
  from: join(...parts) + SEPARATOR,
  to: join(...parts) + AFTER_SEPARATOR,
});

/** Table `Keys`: an Idempotency-Key of one caller, for one method and path. */
export const idempotencyRowKey = (scope: { method: string; path: string; key: string }): string =>
  createHash('sha256')
    .update(JSON.stringify([scope.method, scope.path, scope.key]))
    .digest('base64url');
