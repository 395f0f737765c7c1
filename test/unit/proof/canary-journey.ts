/** What a partner and an operator do in a day, errors and failures too, with the canaries wherever they may have to say something private. */
import { changeRfis } from '../../../infra/local/upstream/control/seed.ts';
import { PROFILE_SETTINGS } from '../../../functions/http/order-examples.ts';
import type { Effects, TableName } from '../../../functions/effects.ts';
import type { PostRequest } from '../../../shared/platform/outbound/post-call.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import type { Answered, Call } from '../http/http-call.ts';
import { answer, silence } from '../webhooks/log-world.ts';
import { watched } from '../telemetry/watched.ts';
import { CANARY, IDEMPOTENCY_KEY, NUMBERS, UNALLOCATED } from './canaries.ts';
import { TENANT_OF } from './cast.ts';
import { makeStage, type CallerName, type Stage, type StageEffects } from './stage.ts';

const [FIRST = '', SECOND = '', THIRD = '', FAILING = ''] = NUMBERS;
const TENANT = TENANT_OF.acme;

export type Witness = {
  /** Every line of every log. */
  logs: string[];
  /** Every span and metric as it was handed over. */
  telemetry: string[];
  posted: PostRequest[];
  answers: Answered[];
  apiKey: string;
};

type Told = { stage: Stage; apiKey: string; as: Asks };
type Asks = (caller: CallerName, method: string, path: string, body?: unknown, more?: Call) => Promise<Answered>;

const idOf = ({ body }: Answered): string => (body as { id: string }).id;

/** Effects that do more than their work, for a test to see that they are found out; `write` writes a line as it is. */
export type Plant = (effects: StageEffects, write: (line: string) => void) => Partial<Effects>;

/** Whoever asks is still recognised. */
const BREAKING: readonly TableName[] = ['State', 'Lists', 'NumberIndex', 'Cache'];

/** Errors of drivers quote what was asked for. */
const breakable = (store: RowStore, isBroken: () => boolean): RowStore => {
  const sayNo = (what: string): void => {
    if (isBroken()) throw new Error(`The server was not able to answer ${what} for ${FIRST.slice(1)}.`);
  };
  return {
    get: async (partition, key) => (sayNo(`${partition}/${key}`), store.get(partition, key)),
    range: async (partition, from, to, limit) => (sayNo(`${partition}/${from}..${to}`), store.range(partition, from, to, limit)),
    commit: async (partition, writes) => (sayNo(JSON.stringify(writes)), store.commit(partition, writes)),
  };
};

const shop = async ({ stage, as }: Told): Promise<void> => {
  await as('acme', 'PUT', 'customers/contoso', {
    teamsTenantId: TENANT,
    reference: 'crm-4711',
    services: {
      teamsOperatorConnect: { sync: true },
      teamsDirectRouting: { subdomain: 'contoso', txtTokens: [CANARY.txtToken, `${CANARY.txtToken}2`] },
    },
  });
  await stage.play();
  const profile = { ...PROFILE_SETTINGS, customSipHeader: CANARY.sipHeader };
  const order = { action: 'provision', customerId: 'contoso', numbers: [FIRST, SECOND, FAILING], profile };
  const headers = { 'idempotency-key': IDEMPOTENCY_KEY, 'x-ms-client-request-id': 'ours-1' };
  await as('acme', 'POST', 'number-orders/validate', order);
  const orderId = idOf(await as('acme', 'POST', 'number-orders', order, { headers }));
  await as('acme', 'POST', 'number-orders', order, { headers });
  await as('acme', 'POST', 'number-orders', { ...order, numbers: [THIRD] }, { headers });
  await stage.play(40);
  await as('acme', 'GET', `number-orders/${orderId}`);
  await as('acme', 'GET', `number-orders/${orderId}/items`);
  await as('acme', 'POST', `number-orders/${orderId}/retry`, {});
  const columns = 'telephoneNumber,service,usage,capabilities,tenantMayUpdate,customSipHeader';
  const csv = `${columns}\r\n${THIRD},${profile.service},${profile.usage},InboundCalling,true,${CANARY.sipHeader}\r\n`;
  await as('acme', 'POST', 'number-orders?customerId=contoso', csv, { headers: { 'content-type': 'text/csv' } });
  await stage.play(40);
  await as('acme', 'GET', `numbers/${SECOND.slice(1)}?refresh=true`);
  await as('acme', 'GET', 'customers/contoso/numbers');
  await as('acme', 'DELETE', `numbers/${SECOND.slice(1)}`);
  await stage.play();
};

const listen = async ({ stage, as }: Told): Promise<string> => {
  const url = `https://bss.acme.example/hooks?token=${CANARY.urlToken}`;
  const asked = { url, secret: CANARY.secret, headers: { 'x-auth': CANARY.deliveryHeader }, detail: 'number' };
  const headers = { 'idempotency-key': `${IDEMPOTENCY_KEY}-hook` };
  const made = await as('acme', 'POST', 'webhook-subscriptions', asked, { headers });
  await as('acme', 'POST', 'webhook-subscriptions', asked, { headers });
  await as('acme', 'POST', 'webhook-subscriptions', { ...asked, secret: CANARY.secret.slice(0, -9), colour: CANARY.deliveryHeader });
  await stage.play(5);
  return idOf(made);
};

const tendHook = async ({ stage, as }: Told, id: string): Promise<void> => {
  const path = `webhook-subscriptions/${id}`;
  await as('acme', 'GET', path);
  await as('acme', 'GET', `${path}/deliveries`);
  await as('acme', 'POST', `${path}/deliveries/1/redeliver`);
  await as('acme', 'POST', `${path}/replay`, { only: 'all', afterSequence: 0 });
  await as('acme', 'POST', `${path}/doctor`);
  await as('acme', 'POST', `${path}/rotate-secret`, { secret: CANARY.newSecret });
  await as('acme', 'POST', `${path}/test`);
  await stage.play(10);
};

const answerRfi = async ({ stage, as }: Told): Promise<void> => {
  await as('acme', 'GET', `rfis/${TENANT}`);
  await as('acme', 'POST', `rfis/${TENANT}/accept`, { comment: CANARY.comment, ticket: 'CHG0042' });
  await stage.play();
  await as('acme', 'PUT', `rfis/${TENANT}/relationship`, { status: 'ContractTerminated', comment: CANARY.comment });
  await stage.play();
  await as('operator', 'GET', 'rfis');
  await as('operator', 'DELETE', `rfis/${TENANT}/contacts`);
};

const mistake = async ({ as, apiKey }: Told): Promise<void> => {
  const order = { action: 'provision', customerId: 'contoso', profile: PROFILE_SETTINGS };
  await as('acme', 'POST', 'number-orders', { ...order, numbers: [UNALLOCATED, `${FIRST}x`, CANARY.contactName] });
  await as('acme', 'POST', 'number-orders', `{"numbers": ["${FIRST}", "${CANARY.secret}"`);
  await as('acme', 'PUT', 'customers/contoso', { [CANARY.contactEmail]: CANARY.txtToken, teamsTenantId: FIRST });
  await as('acme', 'GET', `numbers/${UNALLOCATED.slice(1)}`);
  await as('acme', 'GET', `numbers/${encodeURIComponent(FIRST)}`);
  await as('acme', 'GET', `me?access_token=${CANARY.urlToken}`);
  await as('acme', 'PATCH', `numbers/${FIRST.slice(1)}`);
  await as('globex', 'GET', `numbers/${FIRST.slice(1)}`);
  for (const authorization of [
    `Bearer ${CANARY.badToken}`,
    `Basic ${Buffer.from(CANARY.password).toString('base64')}`,
    `Basic ${CANARY.password}`,
    CANARY.accessToken,
    `Bearer ${CANARY.badApiKey}`,
    `Bearer ${apiKey}`,
    `Bearer acme.${CANARY.accessToken}`,
  ])
    await as('acme', 'GET', 'me', undefined, { headers: { authorization, 'x-partner-note': CANARY.comment } });
};

const look = async ({ as }: Told): Promise<void> => {
  const pages = ['operator/status', 'audit-events', 'operator/console/panels', 'operator/partners/acme/export', 'numbers?partnerId=acme'];
  for (const path of pages) await as('operator', 'GET', path);
};

/** Wakes of a lane and of a subscription, while nothing can be read. */
const fail = async ({ stage, as }: Told, hook: string): Promise<void> => {
  await as('acme', 'GET', `numbers/${FIRST.slice(1)}`);
  await as('acme', 'GET', `rfis/${TENANT}`);
  await as('acme', 'PUT', `customers/contoso/numbers/${FIRST.slice(1)}`, { profile: PROFILE_SETTINGS });
  await stage.bury('acc.acme-contoso', 'message');
  await stage.wake('lane', 'acc.acme-contoso');
  await stage.wake('subscription', hook);
};

/** The whole day; answers what was heard of it. Throws when a request that has to work does not. */
export const canaryJourney = async (plant: Plant = () => ({})): Promise<Witness> => {
  const [logs, posted, answers]: [string[], PostRequest[], Answered[]] = [[], [], []];
  let isBroken = false;
  let watch: ReturnType<typeof watched> | undefined;
  const change = (effects: StageEffects): Partial<Effects> => {
    watch = watched(() => effects.clock.now());
    const fates = [answer(500, { 'x-said': CANARY.receiverSaid }), silence, { ...answer(302), body: CANARY.receiverSaid }];
    const own: StageEffects = {
      ...effects,
      telemetry: watch.telemetry,
      table: (name) => breakable(effects.table(name), () => isBroken && BREAKING.includes(name)),
      post: async (request) => {
        posted.push(request);
        return fates.shift() ?? answer(204);
      },
    };
    return { ...own, ...plant(own, (line) => void logs.push(line)) };
  };
  const stage = makeStage({ logs, change });
  stage.upstream.world.rules.unshift({
    rule: { suffix: FAILING.slice(-4), outcome: 'failed', error: { code: 'InvalidRequest', message: `not ${FAILING}.`, target: FAILING } },
    used: 0,
  });
  changeRfis(stage.upstream.world, { rfis: [{ tenantId: TENANT, contacts: [contact] }] });
  const as: Asks = async (caller, method, path, body, more = {}) => {
    const answered = await stage.call(path, { token: caller, method, ...(body === undefined ? {} : { body }), ...more });
    answers.push(answered);
    return answered;
  };
  await as('operator', 'POST', 'rfis/sync');
  const made = await as('operator', 'POST', 'operator/partners/acme/api-keys', { roles: ['Partner.Read'] });
  const told: Told = { stage, as, apiKey: (made.body as { key: string }).key };
  const hook = await listen(told);
  await shop(told);
  await answerRfi(told);
  await mistake(told);
  await tendHook(told, hook);
  await look(told);
  isBroken = true;
  await fail(told, hook);
  isBroken = false;
  return { logs: [...logs, ...stage.logs], telemetry: await toldBy(watch), posted, answers, apiKey: told.apiKey };
};

const contact = {
  fullName: CANARY.contactName,
  email: CANARY.contactEmail,
  telephoneNumber: CANARY.contactPhone,
  companyName: CANARY.company,
};

const toldBy = async (watch: ReturnType<typeof watched> | undefined): Promise<string[]> => {
  const spans = (await watch?.spans()) ?? [];
  const metrics = (await watch?.metrics()) ?? {};
  return [
    ...spans.map(({ name, attributes, events, links, status }) => JSON.stringify({ name, attributes, events, links, status })),
    ...Object.entries(metrics).map((one) => JSON.stringify(one)),
  ];
};
