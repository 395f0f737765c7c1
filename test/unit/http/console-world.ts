/** The composed app with one order under way, one subscription that fails, one that was disabled and one RFI: what a console has to show. */
import { InvocationContext } from '@azure/functions';
import { toWakeBody } from '../../../shared/platform/bus/envelope.ts';
import type { TokenCheck } from '../../../shared/platform/identity/verify-token.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { timedRowStore } from '../../fakes/timed-row-store.ts';
import { answer, START_MS } from '../webhooks/log-world.ts';
import { ACME_CLIENT, composedApp, PARTNER_TENANT, TENANT } from './composed-app.ts';
import type { Call } from './http-call.ts';

const PARTNER_ROLES = ['Partner.Read', 'Partner.Write', 'Partner.Release', 'Partner.Decide'];
const tokens: Record<string, TokenCheck> = {
  operator: { kind: 'verified', tenantId: TENANT, clientId: TENANT, roles: ['Operator.Admin'] },
  reader: { kind: 'verified', tenantId: TENANT, clientId: TENANT, roles: ['Operator.Read'] },
  acme: { kind: 'verified', tenantId: PARTNER_TENANT, clientId: ACME_CLIENT, roles: PARTNER_ROLES },
};

export const consoleWorld = async () => {
  let nowMs = START_MS;
  let made = 0;
  let status = 500;
  const posted: string[] = [];
  const stores = new Map<string, RowStore>();
  const clock = { now: () => nowMs, sleep: async (ms: number) => void (nowMs += ms) };
  const app = composedApp(tokens, {
    clock,
    newId: () => `id${String(++made).padStart(3, '0')}`,
    table: (name) => {
      const store = stores.get(name) ?? timedRowStore(memoryRowStore(), clock);
      stores.set(name, store);
      return store;
    },
    post: ({ url }) => {
      posted.push(url);
      return Promise.resolve(answer(status));
    },
  });
  const ask = (path: string, call: Call & { token?: string } = {}) => app.call(path, { token: 'acme', ...call });
  const deliver = async (id: string): Promise<void> => {
    const context = new InvocationContext({ functionName: 'deliver', invocationId: 'one', logHandler: () => undefined });
    await app.queues.find(({ name }) => name === 'deliver')?.handler(toWakeBody({ kind: 'subscription', subscription: id }), context);
  };
  /** A subscription whose receiver answers this; its id. */
  const subscribe = async (host: string, answers: number): Promise<string> => {
    const made = await ask('webhook-subscriptions', { method: 'POST', body: { url: `https://${host}/in`, eventTypes: ['*'] } });
    const { id } = made.body as { id: string };
    await ask(`webhook-subscriptions/${id}/test`, { method: 'POST' });
    status = answers;
    await deliver(id);
    await deliver(id);
    return id;
  };
  await ask('customers/contoso', { method: 'PUT', body: { teamsTenantId: PARTNER_TENANT, services: { teamsOperatorConnect: {} } } });
  const profile = {
    service: 'teamsOperatorConnect',
    usage: 'CallingUserAssignment',
    capabilities: [],
    emergency: { tenantMayUpdate: true },
  };
  const order = { action: 'provision', customerId: 'contoso', numbers: ['+441632960000', '+441632960001'], profile };
  const placed = await ask('number-orders', { method: 'POST', headers: { 'idempotency-key': 'one' }, body: order });
  const failing = await subscribe('slow.example', 500);
  const disabled = await subscribe('gone.example', 410);
  return { app, ask, posted, orderId: (placed.body as { id: string }).id, failing, disabled, deliver, recover: () => void (status = 204) };
};
