/** Telemetry that a test can look into: the real SDK with exporters in memory. */
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { otelExporter } from '../../../shared/platform/telemetry/otel-exporter.ts';
import { makeTelemetry } from '../../../shared/platform/telemetry/telemetry.ts';

export type Point = { attributes: Record<string, unknown>; value: unknown };

/** On a clock of its own, or on the given one. */
export const watched = (now?: () => number) => {
  const clock = { nowMs: Date.parse('2026-11-22T10:00:00Z') };
  const spanExporter = new InMemorySpanExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  let made = 0;
  const telemetry = makeTelemetry({
    now: now ?? (() => clock.nowMs),
    // Never all zeros, which is no id, and never twice the same.
    randomHex: (bytes) => `f${(++made).toString(16).padStart(bytes * 2 - 1, '0')}`,
    openExporter: () => Promise.resolve(otelExporter({ spans: spanExporter, metrics: metricExporter, serviceName: 'test' }, true)),
  });
  return {
    clock,
    telemetry,
    spans: async (): Promise<ReadableSpan[]> => {
      await telemetry.flush();
      return spanExporter.getFinishedSpans();
    },
    /** Points of each metric at the last hand-over. */
    metrics: async (): Promise<Record<string, Point[]>> => {
      await telemetry.flush();
      const last = metricExporter.getMetrics().at(-1);
      const all = (last?.scopeMetrics ?? []).flatMap((scope) => scope.metrics);
      return Object.fromEntries(
        all.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(({ attributes, value }) => ({ attributes, value }))]),
      );
    },
  };
};
