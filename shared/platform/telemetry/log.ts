/** Structured logs: one JSON line an entry, of allow-listed fields only, masked. */
import { mask } from './mask.ts';

/** Where lines go; a Functions invocation context is one. */
export type LogSink = { info: (line: string) => void; warn: (line: string) => void; error: (line: string) => void };

export type LogLevel = keyof LogSink;

/** The only facts a log may hold: ids, counts, codes and times; never bodies, paths with values, names or contacts. */
const FIELDS = [
  'requestId',
  'clientRequestId',
  'route',
  'method',
  'status',
  'code',
  'durationMs',
  'partnerId',
  'clientId',
  'customerId',
  'operationId',
  'orderId',
  'subscriptionId',
  'eventId',
  'sequence',
  'lane',
  'queue',
  'kind',
  'state',
  'batch',
  'attempt',
  'count',
  'attempted',
  'delivered',
  'pending',
  'waitMs',
  'retryAfterMs',
  'dueAt',
  'reason',
  'check',
  'upstreamStatus',
  'errorName',
  'errorCode',
  'errorMessage',
  'errorStack',
  'settings',
] as const;

export type LogField = (typeof FIELDS)[number];
export type LogFields = Partial<Record<LogField, string | number | boolean | undefined>>;

export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

const MAX_TEXT_CHARS = 2_000;
const allowed: ReadonlySet<string> = new Set(FIELDS);

/** A log that writes to `sink` and adds `base` to every entry. Fields that are not on the list are dropped at run time too. */
export const structuredLog =
  (sink: LogSink, base: LogFields = {}): Log =>
  (level, message, fields = {}) => {
    const entries = Object.entries({ ...base, ...fields }).filter(([name, value]) => allowed.has(name) && value !== undefined);
    const safe = entries.map(([name, value]) => [name, typeof value === 'string' ? mask(value.slice(0, MAX_TEXT_CHARS)) : value]);
    sink[level](JSON.stringify({ message: mask(message), ...Object.fromEntries(safe) }));
  };

/** What a log says about something thrown: enough to find the place, without the values it may quote. */
export const errorFields = (thrown: unknown): LogFields => {
  if (!(thrown instanceof Error)) return { errorName: typeof thrown };
  const { code } = thrown as { code?: unknown };
  const frames = (thrown.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  const inner = thrown.cause instanceof Error ? ` <- ${thrown.cause.name}: ${thrown.cause.message}` : '';
  return {
    errorName: thrown.name,
    errorCode: typeof code === 'string' ? code : undefined,
    errorMessage: `${thrown.message}${inner}`,
    errorStack: frames.map((line) => line.trim()).join(' '),
  };
};
