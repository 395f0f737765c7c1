/** Spans and metrics as OpenTelemetry sees them: in memory, through the real SDK. */
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { AggregationTemporality, InMemoryMetricExporter } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { otelExporter } from '../../../shared/platform/telemetry/otel-exporter.ts';
import { fromTraceParent, toTraceParent, traceOfOperation } from '../../../shared/platform/telemetry/span.ts';
import { makeTelemetry, type TelemetryExporter } from '../../../shared/platform/telemetry/telemetry.ts';
import { watched } from './watched.ts';

describe('a span', () => {
  it('is the child of the one around it, over awaits', async () => {
    const { telemetry, spans } = watched();
    await telemetry.inSpan({ name: 'outer', kind: 'server' }, async () => {
      await Promise.resolve();
      await telemetry.inSpan({ name: 'inner', kind: 'client' }, () => Promise.resolve());
    });
    const [inner, outer] = await spans();
    expect([inner?.name, outer?.name]).toEqual(['inner', 'outer']);
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(inner?.spanContext().traceId).toBe(outer?.spanContext().traceId);
    expect([inner?.kind, outer?.kind]).toEqual([SpanKind.CLIENT, SpanKind.SERVER]);
  });

  it('goes on with the trace of whoever called', async () => {
    const { telemetry, spans } = watched();
    const parent = fromTraceParent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    await telemetry.inSpan({ name: 'process', kind: 'consumer', parent }, () => Promise.resolve());
    const [span] = await spans();
    expect(span?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  });

  it('takes its time from the clock and says that its work threw, which it lets through', async () => {
    const { telemetry, spans, clock } = watched();
    const work = telemetry.inSpan({ name: 'failing', kind: 'internal' }, () => {
      clock.nowMs += 1_500;
      return Promise.reject(new Error('the reason'));
    });
    await expect(work).rejects.toThrow('the reason');
    const [span] = await spans();
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
    expect(span?.duration).toEqual([1, 500_000_000]);
  });

  it('holds no telephone number and no address', async () => {
    const { telemetry, spans } = watched();
    const attributes = { who: 'dana@contoso.example', number: '+441632960000', path: '/numbers/441632960000' };
    await telemetry.inSpan({ name: 'x', kind: 'internal', attributes }, (note) => {
      note({ later: 'tel +441632960000' });
      return Promise.resolve();
    });
    expect(JSON.stringify((await spans()).map((span) => span.attributes))).not.toMatch(/1632960000|dana@/);
  });
});

describe('the trace of an operation', () => {
  it('follows from its id alone', () => {
    const context = traceOfOperation('a1xyz');
    expect(context).toEqual(traceOfOperation('a1xyz'));
    expect(context.traceId).not.toBe(traceOfOperation('a1xyy').traceId);
    expect(fromTraceParent(toTraceParent(context))).toEqual(context);
  });

  it.each([undefined, '', 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, '00-zz-11-01'])('is not read from %s', (text) =>
    expect(fromTraceParent(text)).toBeUndefined(),
  );
});

describe('metrics', () => {
  it('are summed, spread or the last value, by the attributes that they know', async () => {
    const { telemetry, metrics } = watched();
    telemetry.measure('acg.upstream.requests', 1, { method: 'GET', status: '200', number: '441632960000' });
    telemetry.measure('acg.upstream.requests', 1, { method: 'GET', status: '200' });
    telemetry.measure('acg.upstream.requests', 1, { method: 'GET', status: '429' });
    telemetry.measure('acg.due.oldest_s', 30);
    telemetry.measure('acg.due.oldest_s', 4);
    telemetry.measure('acg.operations.lag_ms', 12_000, { kind: 'numbers', state: 'succeeded' });
    const found = await metrics();
    expect(found['acg.upstream.requests']).toEqual([
      { attributes: { method: 'GET', status: '200' }, value: 2 },
      { attributes: { method: 'GET', status: '429' }, value: 1 },
    ]);
    expect(found['acg.due.oldest_s']).toEqual([{ attributes: {}, value: 4 }]);
    expect(found['acg.operations.lag_ms']?.[0]?.value).toMatchObject({ count: 1, sum: 12_000 });
  });
});

describe('what carries it away', () => {
  const withExporter = (openExporter: () => Promise<TelemetryExporter>) => {
    const clock = { nowMs: 1_000_000 };
    return { clock, telemetry: makeTelemetry({ now: () => clock.nowMs, randomHex: (bytes) => 'ab'.repeat(bytes), openExporter }) };
  };
  const nothing = (): TelemetryExporter => ({ export: () => Promise.resolve() });

  it('is not loaded before there is something, and then once', async () => {
    let opened = 0;
    const { telemetry } = withExporter(() => {
      opened++;
      return Promise.resolve(nothing());
    });
    await telemetry.flush();
    expect(opened).toBe(0);
    for (let n = 0; n < 3; n++) {
      telemetry.measure('acg.due.oldest_s', n);
      await telemetry.flush();
    }
    expect(opened).toBe(1);
  });

  it('may fail: the work goes on, and the next hand-over is tried', async () => {
    let calls = 0;
    const { telemetry } = withExporter(() => {
      calls++;
      return Promise.reject(new Error('no network'));
    });
    telemetry.measure('acg.due.oldest_s', 1);
    await telemetry.flush();
    telemetry.measure('acg.due.oldest_s', 2);
    await telemetry.flush();
    expect(calls).toBe(2);
  });

  it('is bothered every few seconds at most, and never with more than it can take', async () => {
    const batches: number[] = [];
    const { telemetry, clock } = withExporter(() =>
      Promise.resolve({
        export: (spans, measures) => {
          batches.push(spans.length + measures.length);
          return Promise.resolve();
        },
      }),
    );
    const gather = (count: number): void => {
      for (let n = 0; n < count; n++) telemetry.measure('acg.due.oldest_s', n);
    };
    gather(5_000);
    telemetry.flushSoon();
    gather(1);
    telemetry.flushSoon();
    clock.nowMs += 6_000;
    telemetry.flushSoon();
    await telemetry.flush();
    await expect.poll(() => batches).toEqual([2_000, 1]);
  });
});

it('an exporter of spans that refuses does not hold up the metrics', async () => {
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const spans = new InMemorySpanExporter();
  await spans.shutdown();
  const exporter = otelExporter({ spans, metrics, serviceName: 'test' }, true);
  const span = {
    ...traceOfOperation('x'),
    name: 'x',
    kind: 'internal' as const,
    startMs: 0,
    endMs: 1,
    failed: false,
    attributes: {},
    links: [],
  };
  await exporter.export([span], [{ name: 'acg.due.oldest_s', value: 1, attributes: {} }]);
  expect(metrics.getMetrics()).toHaveLength(1);
});
