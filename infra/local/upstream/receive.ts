/** Where a request goes once its headers are there: to the control path, into a failed region, or through the API. */
import type { Log } from '../lib/log.ts';
import { CONTROL_PREFIX, runCommand, type Controlled } from './control/commands.ts';
import { regionEffect } from './faults/region.ts';
import type { Incoming } from './http/incoming.ts';
import type { Receive } from './http/server.ts';
import { arrive, serve, type Api } from './pipeline/serve.ts';

type Head = Omit<Incoming, 'body'>;

/** Control calls are neither logged nor counted, and a failed region does not stop them. */
const receiveControl =
  (controlled: Controlled, head: Head): ReturnType<Receive> =>
  async (body) => {
    const { status, body: answer } = await runCommand(controlled, head.method, head.path, body.toString('utf8'));
    return { kind: 'answer', answer: { status, headers: {}, body: answer }, delayMs: 0 };
  };

/** What a dead region swallows is logged but not counted: it never reached the service. */
const receiveDead =
  (api: Api, head: Head, effect: 'hang' | 'drop'): ReturnType<Receive> =>
  () => {
    api.log.add({ atMs: api.clock.now(), method: head.method, route: null, operation: null, account: null, status: null, fault: 'region' });
    return Promise.resolve({ kind: effect });
  };

/** Telephone numbers never reach a log; of a path that is no route, only its shape does. */
const shapeOf = (path: string): string => path.replaceAll(/\d/g, '#').slice(0, 100);

const receiveApi = (api: Api, log: Log, head: Head): ReturnType<Receive> => {
  const arrival = arrive(api, head.method, head.path);
  return async (body) => {
    const delivery = await serve(api, arrival, { ...head, body });
    const { method, route, status, fault } = arrival.entry;
    const where = route ?? `no such route: ${shapeOf(head.path)}`;
    log(`${method} ${where}`, { status, ...(fault === undefined ? {} : { fault }) });
    return delivery;
  };
};

/** `controlled` is undefined when the control path is off; `canFail` tells the region that failures are about. */
export const receiver =
  (api: Api, log: Log, controlled: Controlled | undefined, canFail: boolean): Receive =>
  (head, openedAtMs) => {
    if (controlled && head.path.startsWith(CONTROL_PREFIX)) return receiveControl(controlled, head);
    const effect = canFail ? regionEffect(api.regionFailure, api.clock.now(), openedAtMs) : undefined;
    return effect ? receiveDead(api, head, effect) : receiveApi(api, log, head);
  };

/** What a request changed is on disk before it is answered. */
export const keeping =
  (flush: () => void, receive: Receive): Receive =>
  (...connection) => {
    const serveBody = receive(...connection);
    return async (body) => {
      const delivery = await serveBody(body);
      flush();
      return delivery;
    };
  };
