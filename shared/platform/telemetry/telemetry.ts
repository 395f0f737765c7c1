/** Gathers spans and metrics in memory and hands them over from time to time; what carries them away is loaded only then. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from '../values/once.ts';
import { mask } from './mask.ts';
import { METRICS, type Attributes, type Measure, type MetricName, type MetricNote } from './metrics.ts';
import type { Span, SpanContext, SpanKind } from './span.ts';

/** `context`: the span's own ids, where they are known beforehand. */
export type SpanAsk = {
  name: string;
  kind: SpanKind;
  parent?: SpanContext | undefined;
  context?: SpanContext;
  links?: readonly SpanContext[];
  attributes?: Attributes;
};

export type Measured = { name: MetricName; value: number; attributes: Attributes };

/** Takes what was gathered. May reject: then it is lost. */
export type TelemetryExporter = { export: (spans: readonly Span[], measures: readonly Measured[]) => Promise<void> };

/** What a piece of work says about its own span, once it knows. */
export type Note = (attributes: Attributes & { failed?: boolean }) => void;

export type Telemetry = {
  /** Does `work` within a span; a span inside it without a parent of its own becomes its child. */
  inSpan: <T>(ask: SpanAsk, work: (note: Note) => Promise<T>) => Promise<T>;
  /** A span of something that is over. */
  addSpan: (ask: SpanAsk & { startMs: number; endMs: number; failed?: boolean }) => void;
  /** The span that the caller is in. */
  current: () => SpanContext | undefined;
  measure: Measure;
  /** Hands over what has gathered. Never rejects. */
  flush: () => Promise<void>;
  /** The same, when it is time to; to be called after each invocation, and not waited for. */
  flushSoon: () => void;
};

export type TelemetryOptions = {
  now: () => number;
  /** That many random bytes in hexadecimal. */
  randomHex: (bytes: number) => string;
  /** Called for the first hand-over. */
  openExporter: () => Promise<TelemetryExporter>;
};

/** More than this between two hand-overs is dropped, oldest first. */
const MAX_KEPT = 2_000;
const FLUSH_EVERY_MS = 5_000;
const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

const masked = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typeof value === 'string' ? mask(value) : value]));

/** Only what the metric may be divided by: each further value would be a series of its own. */
const known = (name: MetricName, attributes: Attributes): Attributes => {
  const { attributes: allowed }: MetricNote = METRICS[name];
  return Object.fromEntries(Object.entries(attributes).filter(([attribute]) => allowed.includes(attribute)));
};

export const makeTelemetry = ({ now, randomHex, openExporter }: TelemetryOptions): Telemetry => {
  const inside = new AsyncLocalStorage<SpanContext>();
  const exporter = once(openExporter);
  let spans: Span[] = [];
  let measures: Measured[] = [];
  let flushedAtMs = 0;

  const keep = <T>(list: T[], item: T): void => {
    list.push(item);
    if (list.length > MAX_KEPT) list.shift();
  };
  const contextFor = ({ context, parent }: SpanAsk): SpanContext =>
    context ?? { traceId: parent?.traceId ?? randomHex(TRACE_BYTES), spanId: randomHex(SPAN_BYTES) };
  const add = (
    ask: SpanAsk,
    context: SpanContext,
    times: { startMs: number; endMs: number },
    failed: boolean,
    more: Attributes = {},
  ): void => {
    const { name, kind, parent, links = [], attributes = {} } = ask;
    const parentId = parent === undefined || parent.spanId === context.spanId ? {} : { parentId: parent.spanId };
    keep(spans, { ...context, ...parentId, name, kind, ...times, failed, links, attributes: masked({ ...attributes, ...more }) });
  };

  const flush = async (): Promise<void> => {
    if (spans.length === 0 && measures.length === 0) return;
    const [takenSpans, takenMeasures] = [spans, measures];
    [spans, measures, flushedAtMs] = [[], [], now()];
    try {
      await (await exporter()).export(takenSpans, takenMeasures);
    } catch {
      // What watches the work must not disturb it; the platform's own metrics show that nothing arrives any more.
    }
  };

  return {
    inSpan: async (ask, work) => {
      const asked = { ...ask, parent: ask.parent ?? inside.getStore() };
      const context = contextFor(asked);
      const startMs = now();
      let [failed, noted]: [boolean, Attributes] = [false, {}];
      try {
        return await inside.run(context, () =>
          work(({ failed: said = failed, ...attributes }) => {
            failed = said;
            noted = { ...noted, ...attributes };
          }),
        );
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        add(asked, context, { startMs, endMs: now() }, failed, noted);
      }
    },
    addSpan: ({ startMs, endMs, failed = false, ...ask }) => add(ask, contextFor(ask), { startMs, endMs }, failed),
    current: () => inside.getStore(),
    measure: (name, value, attributes = {}) => keep(measures, { name, value, attributes: known(name, attributes) }),
    flush,
    flushSoon: () => {
      if (now() - flushedAtMs >= FLUSH_EVERY_MS) void flush();
    },
  };
};

/** Where nobody watches. */
export const noTelemetry: Telemetry = {
  inSpan: (_, work) => work(() => undefined),
  addSpan: () => undefined,
  current: () => undefined,
  measure: () => undefined,
  flush: () => Promise.resolve(),
  flushSoon: () => undefined,
};
