/** Hands spans and metrics to exporters of OpenTelemetry. Loaded for the first hand-over: the SDK is as large as a third of this app. */
import { SpanKind as OtelKind, SpanStatusCode, TraceFlags, type Attributes as OtelAttributes, type HrTime } from '@opentelemetry/api';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { METRICS, type MetricName } from './metrics.ts';
import type { Span, SpanContext } from './span.ts';
import type { Measured, TelemetryExporter } from './telemetry.ts';

export type OtelExporters = { spans: SpanExporter; metrics: PushMetricExporter; serviceName: string };

const MS_PER_S = 1_000;
const NS_PER_MS = 1_000_000;
const METRICS_EVERY_MS = 60_000;
const KINDS = {
  internal: OtelKind.INTERNAL,
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
} as const;

const toHrTime = (ms: number): HrTime => [Math.floor(ms / MS_PER_S), Math.round((ms % MS_PER_S) * NS_PER_MS)];
const toContext = ({ traceId, spanId }: SpanContext) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });

export const toReadableSpan = (span: Span, resource: Resource): ReadableSpan => ({
  name: span.name,
  kind: KINDS[span.kind],
  spanContext: () => toContext(span),
  ...(span.parentId === undefined ? {} : { parentSpanContext: toContext({ traceId: span.traceId, spanId: span.parentId }) }),
  startTime: toHrTime(span.startMs),
  endTime: toHrTime(span.endMs),
  duration: toHrTime(span.endMs - span.startMs),
  ended: true,
  status: { code: span.failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
  attributes: span.attributes,
  links: span.links.map((context) => ({ context: toContext(context) })),
  events: [],
  resource,
  instrumentationScope: { name: 'acg-provisioning-facade' },
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
});

/** Metrics are added up here and leave once a minute, and with each call when `everyTime`. */
export const otelExporter = (exporters: OtelExporters, everyTime = false): TelemetryExporter => {
  const resource = resourceFromAttributes({ 'service.name': exporters.serviceName });
  const reader = new PeriodicExportingMetricReader({ exporter: exporters.metrics, exportIntervalMillis: METRICS_EVERY_MS });
  const record = instruments(new MeterProvider({ resource, readers: [reader] }));
  return {
    export: async (spans, measures) => {
      for (const measured of measures) record(measured);
      const sent = spans.map((span) => toReadableSpan(span, resource));
      if (sent.length > 0) await new Promise<void>((resolve) => exporters.spans.export(sent, () => resolve()));
      if (everyTime) await reader.forceFlush();
    },
  };
};

/** Records a value with the instrument of its metric. */
const instruments = (provider: MeterProvider): ((measured: Measured) => void) => {
  const meter = provider.getMeter('acg-provisioning-facade');
  const make = (name: MetricName): ((value: number, attributes: OtelAttributes) => void) => {
    const { kind, unit, description } = METRICS[name];
    const options = { unit, description };
    if (kind === 'sum') {
      const counter = meter.createCounter(name, options);
      return (value, attributes) => counter.add(value, attributes);
    }
    const instrument = kind === 'last' ? meter.createGauge(name, options) : meter.createHistogram(name, options);
    return (value, attributes) => instrument.record(value, attributes);
  };
  const made = new Map((Object.keys(METRICS) as MetricName[]).map((name) => [name, make(name)]));
  return ({ name, value, attributes }) => made.get(name)?.(value, attributes);
};
