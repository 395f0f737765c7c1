import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { panelsHtml } from '../../../shared/operator/console/panels.ts';
import { STATUS } from '../../../functions/http/operator-examples.ts';
import { consoleWorld } from './console-world.ts';

let world: Awaited<ReturnType<typeof consoleWorld>>;
beforeEach(async () => {
  world = await consoleWorld();
});
const panels = async (token: string): Promise<string> => (await world.ask('operator/console/panels', { token })).text;

describe('the console', () => {
  test('is a page that shows nothing by itself, and runs no script but its own', async () => {
    const page = await world.app.call('operator/console');
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(page.text) ?? [];
    const policy = page.headers.get('content-security-policy') ?? '';
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(policy).toContain("default-src 'none'");
    expect(page.text).not.toContain('contoso');
  });

  test('shows what is under way, what fails, and buttons to those who may change something', async () => {
    const html = await panels('operator');
    for (const shown of [world.orderId, 'acme / contoso', '0 of 2', 'slow.example', 'gone.example', 'disabled', 'Everything runs'])
      expect(html).toContain(shown);
    expect(html).toContain(`data-path="webhook-subscriptions/${world.failing}/replay?partnerId=acme"`);
    expect(html).toContain('data-path="operator/stops/all"');
    expect(await panels('reader')).not.toContain('<button');
  });

  test('shows its panels to operators alone', async () => {
    expect((await world.app.call('operator/console/panels')).status).toBe(401);
    expect((await world.ask('operator/console/panels', { token: 'acme' })).status).toBe(403);
  });

  test('is silent about what goes well again', async () => {
    world.recover();
    const { status } = await world.ask(`webhook-subscriptions/${world.failing}/replay?partnerId=acme`, {
      method: 'POST',
      token: 'operator',
      body: {},
    });
    expect(status).toBe(202);
    await world.deliver(world.failing);
    await world.deliver(world.failing);
    expect(await panels('operator')).not.toContain('slow.example');
  });

  test('places nothing of what others wrote as markup', () => {
    const bad = '<img src=x onerror=alert(1)>';
    const status = { ...STATUS, state: 'stopped' as const, stops: [{ id: 'all', reason: bad, since: STATUS.at }] };
    const rfi = { tenantId: 't', relationship: { status: bad }, consentedCountries: [bad] };
    const html = panelsHtml({ status, mayChange: true, orders: [], rfis: [rfi], subscriptions: [], deadLetters: [], drift: [] } as never);
    expect([html.includes('<img'), html.includes('&lt;img')]).toEqual([false, true]);
  });
});

describe('an operator looks after a subscription of a partner', () => {
  test('by naming the partner; a partner names nobody, and nobody else’s id is found', async () => {
    const path = `webhook-subscriptions/${world.disabled}`;
    const resumed = await world.ask(`${path}?partnerId=acme`, { method: 'PATCH', token: 'operator', body: { state: 'active' } });
    expect([resumed.status, resumed.body]).toMatchObject([200, { id: world.disabled, state: 'active' }]);
    const deliveries = await world.ask(`${path}/deliveries?partnerId=acme&maxpagesize=1`, { token: 'operator' });
    expect(deliveries.body).toMatchObject({ value: [{ status: 410 }] });
    const listed = await world.ask('webhook-subscriptions?partnerId=acme', { token: 'operator' });
    expect((listed.body as { value: { id: string }[] }).value.map(({ id }) => id)).toContain(world.disabled);
    expect((await world.ask(path, { token: 'operator' })).status).toBe(404);
    expect((await world.ask(`${path}?partnerId=beta`, { token: 'operator' })).status).toBe(404);
    expect(await world.ask(`${path}?partnerId=acme`)).toMatchObject({
      status: 400,
      body: { error: { details: [{ target: '/partnerId' }] } },
    });
  });
});
