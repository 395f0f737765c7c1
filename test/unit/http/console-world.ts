/** The composed app with one order under way, one subscription that fails, one that was disabled and one RFI: what a console has to show. */
import { toWakeBody } from '../../../shared/platform/bus/envelope.ts';
import { answer } from '../webhooks/log-world.ts';
import { PARTNER_TENANT } from './composed-app.ts';
import type { Call } from './http-call.ts';
import { timedApp } from './timed-app.ts';

export const consoleWorld = async () => {
  let status = 500;
  const posted: string[] = [];
  const { app, runQueue } = timedApp({
    post: ({ url }) => {
      posted.push(url);
      return Promise.resolve(answer(status));
    },
  });
  const ask = (path: string, call: Call & { token?: string } = {}) => app.call(path, { token: 'acme', ...call });
  const deliver = (id: string): Promise<void> => runQueue('deliver', toWakeBody({ kind: 'subscription', subscription: id }));
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
