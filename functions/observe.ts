/** Spans and metrics of what this app does to the world and hears from it, put around its effects: what does the work knows nothing of it. */
import type { AcceptOperation } from '../shared/operations/accept-operation.ts';
import type { DescribeState } from '../shared/operations/verdict.ts';
import type { BudgetView } from '../shared/platform/budget/view.ts';
import type { Post, PostResult } from '../shared/platform/outbound/post-call.ts';
import { traceOfOperation, type SpanContext } from '../shared/platform/telemetry/span.ts';
import type { Telemetry } from '../shared/platform/telemetry/telemetry.ts';
import type { CallUpstream, UpstreamOutcome } from '../shared/platform/upstream/call.ts';
import type { AppendEvents } from '../shared/webhooks/append.ts';
import type { DeliveryReport } from '../shared/webhooks/deliver-report.ts';

const CLIENT_ERROR = 400;
const MS_PER_S = 1_000;

/** What is done with a resource, behind its name: `contoso:deleteNumbers`. */
const ACTION = /:[A-Za-z]+$/;

/** `/accounts/contoso:deleteNumbers` as `/accounts/{id}:deleteNumbers`: every other segment names something. */
const templateOf = (path: string): string => {
  const { pathname } = new URL(path, 'https://upstream');
  return pathname
    .split('/')
    .map((segment, n) => (n > 0 && n % 2 === 0 ? `{id}${ACTION.exec(segment)?.[0] ?? ''}` : segment))
    .join('/');
};

const here = ({ current }: Telemetry): SpanContext[] => {
  const span = current();
  return span ? [span] : [];
};

/** What is done for operations belongs to the trace of the first; the others, and what it was done in, are linked. */
const placeOf = (telemetry: Telemetry, operationIds: readonly string[]): { parent?: SpanContext; links: SpanContext[] } => {
  const [first, ...others] = operationIds.map(traceOfOperation);
  return first ? { parent: first, links: [...others, ...here(telemetry)] } : { links: [] };
};

const statusOf = (outcome: UpstreamOutcome): string => (outcome.kind === 'answer' ? String(outcome.status) : outcome.reason);

/** Changes no answer. A span of the trace of the operation that is served; the path only as its template, so that no number is in it. */
export const observedCall =
  (call: CallUpstream, telemetry: Telemetry, now: () => number): CallUpstream =>
  (request, permit) => {
    const { method, path, serves = [] } = request;
    const template = templateOf(path);
    const attributes = { 'http.request.method': method, 'url.template': template };
    return telemetry.inSpan({ name: `${method} ${template}`, kind: 'client', ...placeOf(telemetry, serves), attributes }, async (note) => {
      const startedMs = now();
      const outcome = await call(request, permit);
      const status = statusOf(outcome);
      note({ 'http.response.status_code': status, failed: outcome.kind !== 'answer' || outcome.status >= CLIENT_ERROR });
      telemetry.measure('acg.upstream.requests', 1, { method, status });
      if (outcome.kind === 'answer') telemetry.measure('acg.upstream.duration_ms', now() - startedMs, { method });
      return outcome;
    });
  };

type Told = { type?: unknown; timestamp?: unknown; data?: { orderId?: unknown; operationId?: unknown } };

/** What a webhook's body says about itself; nothing for bodies that are none. */
const readBody = (body: string): Told => {
  try {
    return (JSON.parse(body) ?? {}) as Told;
  } catch {
    return {};
  }
};

const outcomeOf = (result: PostResult): string => (result.outcome === 'answered' ? String(result.status) : result.failure);
const isTaken = (result: PostResult): boolean => result.outcome === 'answered' && result.status >= 200 && result.status < 300;

/** Changes no result. A span in the trace of the order or operation that the event tells of, and how late the delivery is. */
export const observedPost =
  (post: Post, telemetry: Telemetry, now: () => number): Post =>
  (request) => {
    const { type, timestamp, data } = readBody(request.body);
    const id = data?.orderId ?? data?.operationId;
    const attributes = { 'event.type': typeof type === 'string' ? type : 'none' };
    const place = placeOf(telemetry, typeof id === 'string' ? [id] : []);
    return telemetry.inSpan({ name: 'webhook POST', kind: 'client', ...place, attributes }, async (note) => {
      const result = await post(request);
      const taken = isTaken(result);
      note({ outcome: outcomeOf(result), failed: !taken });
      telemetry.measure('acg.webhooks.deliveries', 1, { outcome: taken ? 'delivered' : 'failed' });
      const atMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
      if (taken && !Number.isNaN(atMs)) telemetry.measure('acg.webhooks.lag_ms', now() - atMs);
      return result;
    });
  };

/** The first span of an operation's own trace, linked with the request that brought it. */
export const observedAccept =
  (accept: AcceptOperation, telemetry: Telemetry, now: () => number): AcceptOperation =>
  async (draft, scope) => {
    const startMs = now();
    const accepted = await accept(draft, scope);
    if (accepted.kind === 'accepted' && !accepted.replayed) {
      const { id, kind, partner, counts } = accepted.operation;
      const attributes = { 'operation.id': id, 'operation.kind': kind, partner, count: counts.total };
      const context = traceOfOperation(id);
      telemetry.addSpan({ name: 'accept', kind: 'internal', context, links: here(telemetry), attributes, startMs, endMs: now() });
    }
    return accepted;
  };

/** As many ends as are remembered, so that a step that is tried again does not count twice. */
const MAX_ENDS = 1_000;

/** The last span of an operation's trace: from its acceptance to its end, linked with what found that it has ended. */
export const observedEnd = (describe: DescribeState, telemetry: Telemetry): DescribeState => {
  const seen = new Set<string>();
  return (operation, lane) => {
    const { id, kind, state, createdAt, finishedAt } = operation;
    if (finishedAt !== undefined && !seen.has(id)) {
      seen.add(id);
      if (seen.size > MAX_ENDS) for (const oldest of [...seen].slice(0, 1)) seen.delete(oldest);
      const [startMs, endMs] = [Date.parse(createdAt), Date.parse(finishedAt)];
      const attributes = { 'operation.id': id, 'operation.kind': kind, state };
      const [parent, links] = [traceOfOperation(id), here(telemetry)];
      telemetry.addSpan({ name: 'operation', kind: 'internal', parent, links, attributes, startMs, endMs, failed: state === 'Failed' });
      telemetry.measure('acg.operations.ended', 1, { kind, state: state.toLowerCase() });
      telemetry.measure('acg.operations.lag_ms', endMs - startMs, { kind, state: state.toLowerCase() });
    }
    return describe(operation, lane);
  };
};

/** At each sweep: how late the oldest work is, and how much of the limit is in use. */
export const measureSweep =
  ({ measure }: Telemetry, readBudget: () => Promise<Pick<BudgetView, 'limitPerMinute' | 'free'>>) =>
  (lateMs: number): void => {
    measure('acg.due.oldest_s', lateMs / MS_PER_S);
    // Nobody waits for it, and a sweep does not fail for want of a figure.
    readBudget().then(
      ({ limitPerMinute, free }) => measure('acg.budget.used', limitPerMinute - free),
      () => undefined,
    );
  };

export const measureReport = ({ measure }: Telemetry, report: DeliveryReport): void => {
  if (report.kind === 'disabled') measure('acg.webhooks.disabled', 1);
  if (report.kind !== 'round') return;
  measure('acg.webhooks.pending', report.pending);
  measure('acg.webhooks.undelivered_s', (report.oldestMs ?? 0) / MS_PER_S);
};

/** What stands still, by the event that tells of it. */
const STALLED: Readonly<Record<string, string>> = {
  'number_order.stalled': 'numbers',
  'customer.stalled': 'account',
  'rfi.stalled': 'rfi',
};

/** Counts what is told to partners and is also a matter for the operator. */
export const observedAppend =
  (append: AppendEvents, { measure }: Telemetry): AppendEvents =>
  async (partnerId, events) => {
    await append(partnerId, events);
    for (const { type } of events) {
      const kind = STALLED[type];
      if (kind !== undefined) measure('acg.operations.stalled', 1, { kind });
    }
  };
