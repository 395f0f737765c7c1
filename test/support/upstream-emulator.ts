/** An upstream emulator on a free port with a clock that stands still, and a client that knows nothing but HTTP. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificates, type Certificates } from '../../infra/local/lib/certificates.ts';
import { fakeClock, type FakeClock } from '../../infra/local/lib/clock.ts';
import { startUpstream, type Upstream, type UpstreamOptions } from '../../infra/local/upstream/start-upstream.ts';
import { loadUpstreamSpec, type UpstreamSpec } from './upstream-spec.ts';

export const API_VERSION = '2024-02-29-preview';
export const TENANT = 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a';

export type Json = Record<string, unknown>;
export type Reply = { status: number; headers: IncomingHttpHeaders; body: Json; text: string };
export type Ask = {
  body?: unknown;
  /** Sent instead of `body`, as it is. */
  text?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  /** True for an answer that is told to break the specification. */
  unchecked?: boolean;
  /** False sends none. */
  token?: string | false;
  /** Ends the request by itself after so many ms; the promise then rejects. */
  giveUpAfterMs?: number;
};

export type TestUpstream = Upstream & {
  clock: FakeClock;
  certificates: Certificates;
  token: string;
  /** `path` goes out as given; api-version is added unless the query names one. */
  call: (method: string, path: string, ask?: Ask) => Promise<Reply>;
  /** Follows an absolute URL as it is. */
  follow: (url: string) => Promise<Reply>;
  control: (method: string, path: string, body?: unknown) => Promise<Reply>;
};

const toJson = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
};

type Send = {
  url: string;
  method: string;
  headers: Record<string, string>;
  payload: string | undefined;
  giveUpAfterMs?: number | undefined;
};

const sender =
  (agent: Agent, ca: string) =>
  ({ url, method, headers, payload, giveUpAfterMs }: Send): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const signal = giveUpAfterMs === undefined ? {} : { signal: AbortSignal.timeout(giveUpAfterMs) };
      const outgoing = request(url, { method, headers, agent, ca, ...signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: toJson(text), text });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(payload);
    });

/** Every answer of the emulator is held against the specification, unless a test spoils answers on purpose. */
const checkedBy =
  (spec: UpstreamSpec | undefined, send: (what: Send) => Promise<Reply>) =>
  async (what: Send): Promise<Reply> => {
    const reply = await send(what);
    const path = new URL(what.url).pathname;
    const problems = spec?.problems({ method: what.method, path, ...reply }) ?? [];
    if (problems.length > 0)
      throw new Error(`${what.method} ${path} answered ${reply.status} against the specification: ${problems.join('; ')}`);
    return reply;
  };

/** Starts with control, a fixed latency of 2 s and no randomness, in a folder of its own unless certificates are given. */
export const startTestUpstream = async (
  options: Partial<UpstreamOptions> & { clock?: FakeClock; spoilsAnswers?: boolean } = {},
): Promise<TestUpstream> => {
  const dir = options.certificates ? undefined : mkdtempSync(join(tmpdir(), 'upstream-'));
  const certificates = options.certificates ?? (await ensureCertificates(dir ?? ''));
  const clock = options.clock ?? fakeClock();
  const latency = { min: 2_000, max: 2_000 };
  const upstream = await startUpstream({
    port: 0,
    latency,
    control: true,
    random: () => 0,
    limit: 1_000_000,
    ...options,
    clock,
    certificates,
  });
  const token = (await upstream.issueToken?.()) ?? '';
  const agent = new Agent({ keepAlive: true });
  const send = sender(agent, certificates.ca);
  const ask = checkedBy(options.spoilsAnswers ? undefined : loadUpstreamSpec(), send);

  const call: TestUpstream['call'] = (method, path, what = {}) => {
    const query = new URLSearchParams({ 'api-version': API_VERSION, ...what.query });
    const payload = what.text ?? (what.body === undefined ? undefined : JSON.stringify(what.body));
    const type: Record<string, string> =
      payload === undefined ? {} : { 'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
    const length = { 'Content-Length': String(Buffer.byteLength(payload ?? '')) };
    const authorization: Record<string, string> = what.token === false ? {} : { Authorization: `Bearer ${what.token ?? token}` };
    const headers = { ...type, ...length, ...authorization, 'x-ms-client-request-id': randomUUID(), ...what.headers };
    return (what.unchecked ? send : ask)({
      url: `${upstream.url}${path}?${query.toString()}`,
      method,
      headers,
      payload,
      giveUpAfterMs: what.giveUpAfterMs,
    });
  };
  return {
    ...upstream,
    clock,
    certificates,
    token,
    call,
    follow: (url) => ask({ url, method: 'GET', headers: { Authorization: `Bearer ${token}` }, payload: undefined }),
    control: (method, path, body) =>
      send({
        url: `${upstream.url}/__control/${path}`,
        method,
        headers: {},
        payload: body === undefined ? undefined : JSON.stringify(body),
      }),
    close: async () => {
      agent.destroy();
      await upstream.close();
      if (dir !== undefined) rmSync(dir, { recursive: true });
    },
  };
};

/** An Operator Connect account as the published samples show it. */
export const accountBody = (name: string, serviceDetails: Json = {}): Json => ({
  name,
  serviceDetails: { teamsTenantId: TENANT, teamsOperatorConnect: { enabled: true, syncEnabled: true }, ...serviceDetails },
});

export const numberBody = (telephoneNumber: string, accountName: string, usage = 'CallingUserAssignment'): Json => ({
  telephoneNumber,
  accountName,
  serviceDetails: { teamsOperatorConnect: { enabled: true, configuration: { usage, choosableCapabilities: ['InboundCalling'] } } },
});

export const newPair = (clock: FakeClock): Record<string, string> => ({
  'Repeatability-Request-ID': randomUUID(),
  'Repeatability-First-Sent': new Date(clock.now()).toUTCString(),
});

export const N1 = '+15105850321';
export const numberPath = (number = N1, account = 'contoso'): string => `/accounts/${account}/numbers/${encodeURIComponent(number)}`;
/** `count` numbers in a row. */
export const numberRange = (count: number, first = 15_105_850_000): string[] => Array.from({ length: count }, (_, i) => `+${first + i}`);
export const codeOf = (reply: Reply): unknown => (reply.body['error'] as Json | undefined)?.['code'];
export const valuesOf = (reply: Reply): Json[] => reply.body['value'] as Json[];

/** The usual writes, on the account `contoso` unless told otherwise. */
export const writesOn = (up: () => TestUpstream) => ({
  putAccount: (name = 'contoso', details: Json = {}) => up().call('PUT', `/accounts/${name}`, { body: accountBody(name, details) }),
  putNumber: (number = N1, account = 'contoso') => up().call('PUT', numberPath(number, account), { body: numberBody(number, account) }),
  batch: (numbers: Json[], headers: Record<string, string> = {}) =>
    up().call('POST', '/accounts/contoso:createOrUpdateNumbers', { body: { numbers }, headers }),
  statusOf: async (number = N1) => (await up().call('GET', numberPath(number))).body['serviceProvisioningStatus'],
});
