/** The options with which functions are registered, and the parts of the runtime's `app` that are used. */
import type { HttpMethod, InvocationContext } from '@azure/functions';
import type { HttpHandler } from '../shared/platform/http/endpoint.ts';
import { ALL_METHODS } from '../shared/platform/http/methods.ts';

type HttpOptions = { route: string; methods: HttpMethod[]; authLevel: 'anonymous'; handler: HttpHandler };
type QueueHandler = (message: unknown, context: InvocationContext) => Promise<void>;
type QueueOptions = { connection: string; queueName: string; isSessionsEnabled: boolean; cardinality: 'one'; handler: QueueHandler };
type TimerOptions = { schedule: string; handler: () => Promise<void> };

/** The part of `app` of @azure/functions that serves HTTP. */
export type HttpApp = { http: (name: string, options: HttpOptions) => void };

/** The part of `app` that queues and timers need. */
export type TriggerApp = {
  serviceBusQueue: (name: string, options: QueueOptions) => void;
  timer: (name: string, options: TimerOptions) => void;
};

/** Name of the setting (or of the prefix of settings) that tells the runtime how to reach the bus. */
const BUS_CONNECTION = 'ServiceBus';

/** Every method, also those that the path lacks: what to answer is the app's to say. So is who may. */
export const httpOptions = (route: string, handler: HttpHandler): HttpOptions => ({
  route,
  methods: [...ALL_METHODS],
  authLevel: 'anonymous',
  handler,
});

export const queueOptions = (queueName: string, isSessionsEnabled: boolean, handler: QueueHandler): QueueOptions => ({
  connection: BUS_CONNECTION,
  queueName,
  isSessionsEnabled,
  cardinality: 'one',
  handler,
});
