/** The fuzzer's world as a whole local stack: things of acme that its requests are about, made through the API, and requests over real HTTP. */
import { request as httpRequest } from 'node:http';
import type { Contract } from '../../shared/platform/http/contract.ts';
import { composedApp } from '../unit/http/composed-app.ts';
import { isOperators } from '../unit/proof/example-requests.ts';
import type { FuzzRequest } from '../unit/proof/fuzz/fuzz-request.ts';
import type { FuzzWorld } from '../unit/proof/fuzz/fuzz-run.ts';
import type { Send } from '../unit/proof/fuzz/send-in-process.ts';
import { makeAnswerCheck, type ApiDocument, type SeenAnswer } from './answer-check.ts';
import { endOf, numbersFrom, onboard, orderIdOf, orderOf, placeOrder, PROFILE } from './orders-client.ts';
import { fileRfi, syncRfis, tenantOf } from './rfi-client.ts';
import type { TestStack } from './stack.ts';

const HOOK = 'fuzz';
const EXAMPLE_URL = 'https://bss.acme.example/hooks';

type Values = Readonly<Record<string, string>>;

const made = async (work: Promise<{ status: number; body: unknown }>): Promise<string> => {
  const { status, body } = await work;
  if (status >= 300) throw new Error(`The stage could not be set: ${status} ${JSON.stringify(body)}`);
  return String((body as { id?: string } | undefined)?.id);
};

/** By the names of path parameters; what nobody can make is named and not there. */
const prepare = async (stack: TestStack): Promise<Values> => {
  const [acme, operator] = [stack.api('acme'), stack.api('operator')];
  await onboard(acme, 'contoso');
  await made(acme('PUT', '/profiles/oc-users', PROFILE));
  const subscriptionId = await made(acme('POST', '/webhook-subscriptions', { url: stack.hooks.urlOf(HOOK) }));
  const keyId = await made(operator('POST', '/operator/partners/acme/api-keys', { roles: ['Partner.Read'] }));
  await made(operator('PUT', '/operator/stops/customer.acme.fabrikam', { reason: 'for the proof' }));
  await made(operator('PUT', '/operator/assignment-rules/one', { partnerId: 'acme', tenantIds: [tenantOf(1)] }));
  await fileRfi(stack, 1);
  await syncRfis(stack);
  const orderId = orderIdOf(await placeOrder(acme, orderOf('contoso', numbersFrom(441632960000, 3)), 'prepared'));
  await endOf(acme, orderId);
  return {
    ...{
      customerId: 'contoso',
      service: 'teams-operator-connect',
      profileId: 'oc-users',
      orderId,
      operationId: orderId,
      subscriptionId,
      keyId,
    },
    ...{ deliveryId: '1', telephoneNumber: '441632960001', civicAddressId: tenantOf(99), tenantId: tenantOf(1), partnerId: 'acme' },
    ...{ stopId: 'customer.acme.fabrikam', ruleId: 'one', messageId: 'nothing', lane: 'acc.acme-contoso', driftId: 'nothing' },
  };
};

/** The same route with examples that this machine alone is asked about. */
const atHome =
  (url: string) =>
  (contract: Contract): Contract => {
    const { body } = contract.examples ?? {};
    if (body === undefined) return contract;
    return {
      ...contract,
      examples: { ...contract.examples, body: JSON.parse(JSON.stringify(body).replaceAll(EXAMPLE_URL, url)) as unknown },
    };
  };

/** These belong to the connection: the server answers for them before any app does. */
const OF_CONNECTION = ['expect'];

const overHttp =
  (stack: TestStack): Send =>
  async ({ method, path, headers, body, as }: FuzzRequest): Promise<SeenAnswer> => {
    const { pathname, search, origin } = new URL(path, `${stack.facts.apiUrl}/`);
    const signedIn: Record<string, string> =
      as === undefined || 'authorization' in headers ? {} : { authorization: `Bearer ${await stack.tokenOf(as)}` };
    const sent = Object.entries({ ...signedIn, ...headers }).filter(([name]) => !OF_CONNECTION.includes(name));
    const bytes = body === undefined || method === 'GET' || method === 'HEAD' ? undefined : Buffer.from(body);
    const length: Record<string, string> = bytes === undefined ? {} : { 'content-length': String(bytes.length) };
    const { promise, resolve, reject } = Promise.withResolvers<SeenAnswer>();
    const request = httpRequest(
      `${origin}${pathname}${search}`,
      { method, headers: { ...Object.fromEntries(sent), ...length } },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const answered = new Headers(
            Object.entries(response.headersDistinct).map(([name, values]): [string, string] => [name, (values ?? []).join()]),
          );
          resolve({ status: response.statusCode ?? 0, headers: answered, text: Buffer.concat(parts).toString() });
        });
      },
    );
    request.on('error', reject);
    request.end(bytes);
    return promise;
  };

/** Operators' requests are about globex, so that acme goes on being served whatever they do. */
const aboutOther = (values: Values): Values => ({ ...values, partnerId: 'globex', stopId: 'customer.globex.fabrikam' });

/** Begins with a stack that nobody has used. Nothing is put back between requests. */
export const fuzzStack = async (stack: TestStack): Promise<FuzzWorld> => {
  const values = await prepare(stack);
  const app = composedApp({});
  const check = makeAnswerCheck((await app.call('openapi.json')).body as ApiDocument);
  return {
    contracts: app.routes.map(({ contract }) => contract).map(atHome(stack.hooks.urlOf(HOOK))),
    valuesFor: (contract) => (isOperators(contract) ? aboutOther(values) : values),
    send: overHttp(stack),
    // The host takes a path with a slash at its end for the one without.
    check: (method, path, answer) => check(method, path.replace(/\/$/, ''), answer),
    begin: () => undefined,
  };
};
