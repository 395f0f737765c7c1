/** The Provisioning API over HTTPS: one call, one transmission, on an explicit list of policies that never send again. */
import type { LookupFunction } from 'node:net';
import {
  agentPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelinePolicy,
  type PipelineRequest,
} from '@azure/core-rest-pipeline';
import type { Permit } from '../budget/permit.ts';
import type { Clock } from '../time/clock.ts';
import { toAnswer, toFailure, wantsNewConnections } from './answer.ts';
import type { CallUpstream, UpstreamOutcome, UpstreamRequest } from './call.ts';
import { ConnectedAgent, type Transmission } from './connected-agent.ts';
import { targetUrl } from './target-url.ts';
import type { TokenSource } from './token.ts';

export type CallUpstreamOptions = {
  /** `https://provapi.<base domain>`. */
  baseUrl: string;
  apiVersion: string;
  getToken: TokenSource['getToken'];
  /** Told of each token that a 401 refused. */
  invalidateToken?: TokenSource['invalidateToken'];
  /** From the start of a call, connecting included, to the last byte of its answer. */
  timeoutMs: number;
  clock: Clock;
  /** A UUID. */
  newRequestId: () => string;
  /** Told of each call after it, with nothing that names a customer or a number. */
  onCall?: (call: UpstreamCallFacts) => void;
  httpClient?: HttpClient;
  /** Finds the address of a name in place of the system's resolver. */
  lookup?: LookupFunction;
};

export type UpstreamCallFacts = {
  clientRequestId: string;
  /** `x-ms-request-id`, which upstream does not promise. */
  upstreamRequestId?: string;
  method: UpstreamRequest['method'];
  outcome: UpstreamOutcome['kind'];
  status?: number;
  reason?: string;
  durationMs: number;
};

/** Throws when `baseUrl` is not HTTPS: the token would be readable. */
export const makeCallUpstream = (options: CallUpstreamOptions): CallUpstream => {
  const { baseUrl, apiVersion, clock } = options;
  if (new URL(baseUrl).protocol !== 'https:') throw new Error('upstream must be reached by HTTPS');
  const httpClient = options.httpClient ?? createDefaultHttpClient();
  let agent = new ConnectedAgent(clock, options.lookup);

  const transmit = async (request: PipelineRequest, token: string, transmission: Transmission): Promise<Sent> => {
    const pipeline = createEmptyPipeline();
    for (const policy of [authorise(token), agentPolicy(agent), checkPermit(transmission)]) pipeline.addPolicy(policy);
    try {
      const { status, bodyAsText, headers } = await pipeline.sendRequest(httpClient, request);
      const header = (name: string): string | undefined => headers.get(name);
      const outcome = toAnswer({ status, text: bodyAsText ?? '', header }, clock.now());
      return { outcome, upstreamRequestId: header('x-ms-request-id') };
    } catch (error) {
      return { outcome: toFailure(error, transmission.progress) };
    }
  };

  const afterwards = ({ outcome }: Sent, token: string): void => {
    if (outcome.kind === 'answer' && outcome.status === 401) options.invalidateToken?.(token);
    if (!wantsNewConnections(outcome)) return;
    agent.retire();
    agent = new ConnectedAgent(clock, options.lookup);
  };

  const call = async (request: UpstreamRequest, permit: Permit, clientRequestId: string): Promise<Sent> => {
    const url = targetUrl(baseUrl, apiVersion, request);
    if (url === undefined) return { outcome: { kind: 'notSent', reason: 'foreignLink' } };
    const token = await options.getToken().catch(() => undefined);
    if (token === undefined) return { outcome: { kind: 'notSent', reason: 'noToken' } };
    const abort = new AbortController();
    const mayLeave = (): boolean => clock.now() <= permit.usableUntilMs;
    const transmission: Transmission = { progress: 'mayHaveLeft', mayLeave, abandon: () => abort.abort() };
    const wire = toWire(request, url, clientRequestId, options.timeoutMs);
    const onTheWay = { ...wire, abortSignal: abort.signal, requestOverrides: { transmission } };
    const sent = await transmit(createPipelineRequest(onTheWay), token, transmission);
    afterwards(sent, token);
    return sent;
  };

  return async (request, permit) => {
    const startedMs = clock.now();
    const clientRequestId = options.newRequestId();
    const sent = await call(request, permit, clientRequestId);
    options.onCall?.(toFacts(request, clientRequestId, sent, clock.now() - startedMs));
    return sent.outcome;
  };
};

type Sent = { outcome: UpstreamOutcome; upstreamRequestId?: string | undefined };

const authorise = (token: string): PipelinePolicy => ({
  name: 'authorise',
  sendRequest: (request, next) => {
    request.headers.set('authorization', `Bearer ${token}`);
    return next(request);
  },
});

/** The last policy: nothing awaits between it and the connection, which checks once more if it has to be opened. */
const checkPermit = (transmission: Transmission): PipelinePolicy => ({
  name: 'checkPermit',
  sendRequest: (request, next) => {
    if (transmission.mayLeave()) return next(request);
    transmission.progress = 'permitExpired';
    return Promise.reject(new Error('the permit is too old'));
  },
});

const toWire = (request: UpstreamRequest, url: string, clientRequestId: string, timeoutMs: number) => {
  const { method, body, contentType = 'application/json', ifMatch, ifNoneMatch, pair } = request;
  const headers = {
    accept: 'application/json',
    'x-ms-client-request-id': clientRequestId,
    ...(body === undefined ? {} : { 'content-type': contentType }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
    ...(pair ? { 'repeatability-request-id': pair.id, 'repeatability-first-sent': pair.firstSent } : {}),
  };
  return { url, method, timeout: timeoutMs, headers: createHttpHeaders(headers), ...(body === undefined ? {} : { body }) };
};

const toFacts = (request: UpstreamRequest, clientRequestId: string, sent: Sent, durationMs: number): UpstreamCallFacts => {
  const { outcome, upstreamRequestId } = sent;
  return {
    clientRequestId,
    ...(upstreamRequestId === undefined ? {} : { upstreamRequestId }),
    method: request.method,
    outcome: outcome.kind,
    ...(outcome.kind === 'answer' ? { status: outcome.status } : { reason: outcome.reason }),
    durationMs,
  };
};
