/** The stage with everything on it that a route can be asked about, made through the API itself; both partners have the same. */
import { CUSTOMER_REQUEST } from '../../../functions/http/customer-examples.ts';
import { PROFILE_SETTINGS } from '../../../functions/http/order-examples.ts';
import { ADOPTION } from '../../../functions/http/operator-upstream-examples.ts';
import { DRIFT_PARTITION, seenAgain } from '../../../shared/operations/reconcile/drift-row.ts';
import type { Answered } from '../http/http-call.ts';
import { ADDRESS_ID_OF, BLOCK_OF, TENANT_OF } from './cast.ts';
import { makeStage, PARTNERS, tokenOf, type CallerName, type PartnerName, type Stage, type StageMoment } from './stage.ts';

/** What is there, by the names of path parameters. */
export type Values = Readonly<Record<string, string>>;
export type Prepared = {
  stage: Stage;
  moment: StageMoment;
  valuesOf: Readonly<Record<PartnerName, Values>>;
  /** Of things by names that no other partner has used. */
  ownNamesOf: Readonly<Record<PartnerName, Values>>;
  /** Of an order that waits for its time. */
  heldOrderOf: Readonly<Record<PartnerName, string>>;
};

const ask = async (stage: Stage, caller: CallerName, method: string, path: string, body?: unknown): Promise<Answered> => {
  const answer = await stage.call(path, { token: tokenOf(caller), method, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer;
};
const idOf = ({ body }: Answered): string => (body as { id: string }).id;

const operationOf = ({ headers }: Answered): string => /operations\/([^?]+)/.exec(headers.get('operation-location') ?? '')?.[1] ?? '';

/** The last digits decide: ...091 fails at the gateway, so that there is something to retry. */
const orderOf = (partner: PartnerName, last: readonly string[], more: object = {}) => ({
  action: 'provision',
  customerId: 'contoso',
  numbers: last.map((digits) => `+${BLOCK_OF[partner]}${digits}`),
  profile: PROFILE_SETTINGS,
  ...more,
});

/** As a comparison would have left it. */
const plantDrift = async (stage: Stage, partner: PartnerName): Promise<string> => {
  const at = { lane: `acc.${partner}-contoso`, digits: `${BLOCK_OF[partner]}5000` };
  const found = { ...at, kind: 'numberDifferent' as const, partner, customerId: 'contoso', accountName: `${partner}-contoso`, fields: [] };
  const row = seenAgain(undefined, found, 'made', Date.parse('2026-11-22T02:00:00Z'));
  const lists = stage.stores.get('Lists');
  await lists?.commit(DRIFT_PARTITION, [{ kind: 'put', key: row.id, value: row }]);
  return row.id;
};

/** A customer that an account was taken over for. */
export const ADOPTED = 'adopted';

/** Names that no other partner has used. */
const OWN_NAME_OF = { acme: 'umbrella', globex: 'initech' } as const;

const prepare = async (stage: Stage, partner: PartnerName): Promise<{ values: Values; ownNames: Values; heldOrder: string }> => {
  const as = (method: string, path: string, body?: unknown): Promise<Answered> => ask(stage, partner, method, path, body);
  const operationId = operationOf(await as('PUT', 'customers/contoso', { ...CUSTOMER_REQUEST, teamsTenantId: TENANT_OF[partner] }));
  await as('PUT', 'profiles/oc-users', PROFILE_SETTINGS);
  const ownName = OWN_NAME_OF[partner];
  await as('PUT', `customers/${ownName}`, { reference: ownName, services: { azureOperatorCallProtection: {} } });
  await as('PUT', `profiles/${ownName}`, PROFILE_SETTINGS);
  const subscriptionId = idOf(await as('POST', 'webhook-subscriptions', { url: `https://bss.${partner}.example/hooks` }));
  const keyId = idOf(await ask(stage, 'operator', 'POST', `operator/partners/${partner}/api-keys`, { roles: ['Partner.Read'] }));
  await ask(stage, 'operator', 'PUT', `operator/stops/customer.${partner}.fabrikam`, { reason: 'for the proof' });
  const driftId = await plantDrift(stage, partner);
  const adopted = partner === 'acme' ? ADOPTION.accountName : `${partner}-legacy`;
  await ask(stage, 'operator', 'PUT', `operator/partners/${partner}/customers/${ADOPTED}`, { accountName: adopted });
  await ask(stage, 'operator', 'PUT', `operator/assignment-rules/rule-${partner}`, { partnerId: partner, countries: ['FR'] });
  await stage.bury(`acc.${partner}-contoso`, `message-${partner}`);
  await stage.play();
  const orderId = idOf(await as('POST', 'number-orders', orderOf(partner, ['0000', '0001', '0050', '0091'])));
  await stage.play();
  const heldOrder = idOf(await as('POST', 'number-orders', orderOf(partner, ['0060'], { notBefore: '2026-12-01T00:00:00Z' })));
  return {
    heldOrder,
    ownNames: { customerId: ownName, profileId: ownName },
    values: {
      customerId: 'contoso',
      service: 'teams-operator-connect',
      profileId: 'oc-users',
      orderId,
      operationId,
      subscriptionId,
      deliveryId: '1',
      telephoneNumber: `${BLOCK_OF[partner]}0050`,
      civicAddressId: ADDRESS_ID_OF[partner],
      tenantId: TENANT_OF[partner],
      partnerId: partner,
      keyId,
      stopId: `customer.${partner}.fabrikam`,
      ruleId: `rule-${partner}`,
      messageId: `message-${partner}`,
      lane: `acc.${partner}-contoso`,
      driftId,
    },
  };
};

/** Takes a second or so; `stage.restore(moment)` brings it all back. */
export const preparedStage = async (): Promise<Prepared> => {
  const stage = makeStage();
  await ask(stage, 'operator', 'POST', 'rfis/sync');
  const made = new Map<PartnerName, Awaited<ReturnType<typeof prepare>>>();
  for (const partner of PARTNERS) made.set(partner, await prepare(stage, partner));
  await stage.play();
  const of = <T>(pick: (one: Awaited<ReturnType<typeof prepare>>) => T): Record<PartnerName, T> => {
    const entries = [...made].map(([partner, one]) => [partner, pick(one)]);
    return Object.fromEntries(entries) as Record<PartnerName, T>;
  };
  return {
    stage,
    moment: stage.moment(),
    valuesOf: of(({ values }) => values),
    ownNamesOf: of(({ ownNames }) => ownNames),
    heldOrderOf: of(({ heldOrder }) => heldOrder),
  };
};
