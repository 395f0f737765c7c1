/** The runtime's `app` with every function in a span: what the host says of its caller is the parent, and what gathered is handed over afterwards. */
import type { InvocationContext } from '@azure/functions';
import { fromTraceParent, type SpanContext } from '../shared/platform/telemetry/span.ts';
import type { Telemetry } from '../shared/platform/telemetry/telemetry.ts';
import type { HttpApp, TriggerApp } from './function-options.ts';

type HttpOptions = Parameters<HttpApp['http']>[1];
type QueueOptions = Parameters<TriggerApp['serviceBusQueue']>[1];
type TimerOptions = Parameters<TriggerApp['timer']>[1];

const SERVER_ERROR = 500;

const parentOf = (context: Pick<InvocationContext, 'traceContext'>): SpanContext | undefined =>
  fromTraceParent(context.traceContext?.traceParent);

/** Route templates, never paths: those hold telephone numbers. */
const tracedHttp = (options: HttpOptions, { inSpan, flushSoon }: Telemetry): HttpOptions => ({
  ...options,
  handler: async (request, context) => {
    const { method } = request;
    const attributes = { 'http.request.method': method, 'http.route': `/${options.route}` };
    try {
      return await inSpan({ name: `${method} /${options.route}`, kind: 'server', parent: parentOf(context), attributes }, async (note) => {
        const response = await options.handler(request, context);
        const status = response.status ?? 200;
        note({ 'http.response.status_code': status, failed: status >= SERVER_ERROR });
        return response;
      });
    } finally {
      flushSoon();
    }
  },
});

const tracedQueue = (name: string, options: QueueOptions, { inSpan, flushSoon }: Telemetry): QueueOptions => ({
  ...options,
  handler: async (message, context) => {
    const attributes = { 'messaging.system': 'servicebus', 'messaging.destination.name': options.queueName };
    try {
      await inSpan({ name: `${name} process`, kind: 'consumer', parent: parentOf(context), attributes }, () =>
        options.handler(message, context),
      );
    } finally {
      flushSoon();
    }
  },
});

const tracedTimer = (name: string, options: TimerOptions, { inSpan, flushSoon }: Telemetry): TimerOptions => ({
  ...options,
  handler: async () => {
    try {
      await inSpan({ name, kind: 'internal' }, () => options.handler());
    } finally {
      flushSoon();
    }
  },
});

export const tracedApp = (app: HttpApp & TriggerApp, telemetry: Telemetry): HttpApp & TriggerApp => ({
  http: (name, options) => app.http(name, tracedHttp(options, telemetry)),
  serviceBusQueue: (name, options) => app.serviceBusQueue(name, tracedQueue(name, options, telemetry)),
  timer: (name, options) => app.timer(name, tracedTimer(name, options, telemetry)),
});
