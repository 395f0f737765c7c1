/** An order followed through the whole app by its trace: accepted, sent, confirmed by a poll, told by webhook; and the figures beside it. */
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { beforeAll, describe, expect, it } from 'vitest';
import { METRICS } from '../../shared/platform/telemetry/metrics.ts';
import { traceOfOperation } from '../../shared/platform/telemetry/span.ts';
import { customerIds, runToEnd, settledWorld } from '../bench/virtual/settled-world.ts';
import { watched, type Point } from '../unit/telemetry/watched.ts';

const WITHIN_MS = 20 * 60_000;

let spans: ReadableSpan[];
let metrics: Record<string, Point[]>;
let orderId: string;

beforeAll(async () => {
  let now = (): number => 0;
  const sight = watched(() => now());
  const watch = (clock: () => number): typeof sight.telemetry => {
    now = clock;
    return sight.telemetry;
  };
  const [customerId = ''] = customerIds('c', 1);
  const settled = await settledWorld({ seed: 7, partners: ['acme'], watch }, [{ partner: 0, customerIds: [customerId] }]);
  const placing = settled.orders.place(0, customerId, 250);
  await runToEnd(settled, placing, WITHIN_MS);
  ({ orderId } = await placing);
  // What delivers goes on for a moment after the webhook has arrived.
  await settled.world.pass(60_000);
  spans = await sight.spans();
  metrics = await sight.metrics();
});

const ofOrder = (): ReadableSpan[] => spans.filter((span) => span.spanContext().traceId === traceOfOperation(orderId).traceId);
/** The spans that `span` is linked with, and those around them, up to their roots. */
const linkedNames = (span: ReadableSpan | undefined): string[] => {
  const around = (spanId: string | undefined): string[] => {
    const found = spans.find((one) => one.spanContext().spanId === spanId);
    return found ? [found.name, ...around(found.parentSpanContext?.spanId)] : [];
  };
  return (span?.links ?? []).flatMap(({ context }) => around(context.spanId));
};

describe('the trace of an order', () => {
  it('holds its acceptance, its batches, its end and its webhook, all under one root', () => {
    const names = ofOrder().map(({ name }) => name);
    expect(names[0]).toBe('accept');
    expect(names.filter((name) => name === 'POST /accounts/{id}:createOrUpdateNumbers')).toHaveLength(3);
    expect(names).toEqual(expect.arrayContaining(['operation', 'webhook POST']));
    const root = traceOfOperation(orderId).spanId;
    expect(ofOrder().filter((span) => span.name !== 'accept' && span.parentSpanContext?.spanId !== root)).toEqual([]);
  });

  it('leads to the request, the queue and the poll that moved it', () => {
    const named = (name: string): ReadableSpan | undefined => ofOrder().find((span) => span.name === name);
    expect(linkedNames(named('accept'))).toEqual(['POST /number-orders']);
    expect(linkedNames(named('POST /accounts/{id}:createOrUpdateNumbers'))).toContain('apply process');
    expect(linkedNames(named('operation'))).toEqual(expect.arrayContaining(['poll-pending']));
    // Its start has a webhook, too.
    const ending = ofOrder().find(({ attributes }) => attributes['event.type'] === 'number_order.succeeded');
    expect(linkedNames(ending)).toContain('deliver process');
  });

  it('spans the whole time from acceptance to end', () => {
    const whole = ofOrder().find(({ name }) => name === 'operation');
    const lag = metrics['acg.operations.lag_ms']?.find(({ attributes }) => attributes['kind'] === 'numbers')?.value;
    expect(whole?.duration[0]).toBeGreaterThan(0);
    expect(lag).toMatchObject({ count: 1 });
  });

  it('shows no telephone number, nor does any other', () => {
    const texts = JSON.stringify(spans.map(({ name, attributes }) => ({ name, attributes })));
    expect(texts).not.toMatch(/44\d{9,}/);
  });
});

describe('the metrics of that run', () => {
  it('are all known, and tell of the gateway, the budget, the ends, what is due and the webhooks', () => {
    expect(Object.keys(metrics).filter((name) => !(name in METRICS))).toEqual([]);
    expect(Object.keys(metrics)).toEqual(
      expect.arrayContaining([
        'acg.budget.used',
        'acg.upstream.requests',
        'acg.operations.ended',
        'acg.due.oldest_s',
        'acg.webhooks.lag_ms',
        'acg.webhooks.pending',
        'acg.webhooks.undelivered_s',
      ]),
    );
  });

  it('count what the gateway was asked and what ended', () => {
    const sum = (name: string, wanted: Record<string, string>): number =>
      (metrics[name] ?? [])
        .filter(({ attributes }) => Object.entries(wanted).every(([key, value]) => attributes[key] === value))
        .reduce((all, { value }) => all + Number(value), 0);
    expect(sum('acg.operations.ended', { kind: 'numbers', state: 'succeeded' })).toBe(1);
    expect(sum('acg.upstream.requests', { method: 'POST' })).toBe(3);
    expect(sum('acg.upstream.requests', { status: '429' })).toBe(0);
    expect(sum('acg.webhooks.deliveries', { outcome: 'delivered' })).toBeGreaterThan(0);
  });
});
