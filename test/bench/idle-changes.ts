/** One change at a time while nothing else goes on: from its request to its webhook, beyond what upstream itself takes. */
import type { Figures } from './benchmark.ts';
import { p95 } from './timing.ts';
import { capture } from './virtual/orders.ts';
import { clientIdOf, makeWorld, type World } from './virtual/world.ts';

const CUSTOMERS = 12;
const BETWEEN_MS = 180_000;
const WITHIN_MS = 600_000;
const MS_PER_S = 1_000;
/** As the local upstream takes, and as the portal speaks of. */
const UPSTREAMS = { quick: { min: 2_000, max: 8_000 }, slow: { min: 5_000, max: 60_000 } };
const BODY = { teamsTenantId: 'a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a', services: { teamsOperatorConnect: {} } };
const PROFILE = {
  service: 'teamsOperatorConnect',
  usage: 'CallingUserAssignment',
  capabilities: ['InboundCalling'],
  emergency: { tenantMayUpdate: true },
};
const FIRST = 441_000_000_000;

type Step = { name: string; ends: string; call: Parameters<World['call']>[0] };

/** What is done for one customer, in order. */
const stepsOf = (n: number): Step[] => {
  const customerId = `c${n}`;
  const telephoneNumber = String(FIRST + n);
  const common = { token: clientIdOf(0) };
  const customer = { path: `customers/${customerId}`, params: { customerId }, ...common };
  const put = { path: `customers/${customerId}/numbers/${telephoneNumber}`, params: { customerId, telephoneNumber }, ...common };
  const release = { path: `numbers/${telephoneNumber}`, params: { telephoneNumber }, ...common };
  return [
    { name: 'customer', ends: 'customer.synced', call: { method: 'PUT', ...customer, body: BODY } },
    { name: 'number', ends: 'number_order.succeeded', call: { method: 'PUT', ...put, body: { profile: PROFILE } } },
    { name: 'release', ends: 'number_order.succeeded', call: { method: 'DELETE', ...release } },
    { name: 'removal', ends: 'customer.deleted', call: { method: 'DELETE', ...customer } },
  ];
};

/** Seconds from the request to the webhook, less what upstream drew for it. */
const lagOf = async (world: World, { ends, call, name }: Step): Promise<number> => {
  const startedMs = world.scheduler.now();
  const drawn = world.upstream.syncTimesMs().length;
  let endedMs: number | undefined;
  world.onHeard(({ type, atMs }) => {
    if (type === ends) endedMs ??= atMs;
  });
  const asked = capture(
    world.call(call).then(({ status, body }) => {
      if (status >= 300) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
    }),
  );
  await world.runUntil(() => endedMs !== undefined || asked.error !== undefined, WITHIN_MS);
  if (asked.error) throw asked.error;
  const ownMs = world.upstream
    .syncTimesMs()
    .slice(drawn)
    .reduce((sum, ms) => sum + ms, 0);
  return ((endedMs ?? Number.POSITIVE_INFINITY) - startedMs - ownMs) / MS_PER_S;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const measureIdleChanges = async (round: number): Promise<Figures> => {
  let figures: Figures = {};
  for (const [upstream, syncMs] of Object.entries(UPSTREAMS)) {
    const world = makeWorld({ seed: round, partners: ['acme'], upstream: { syncMs } });
    const subscription = { url: 'https://hooks.example.net/in', eventTypes: ['*'] };
    const subscribed = capture(world.call({ method: 'POST', path: 'webhook-subscriptions', token: clientIdOf(0), body: subscription }));
    await world.runUntil(() => subscribed.done, WITHIN_MS);
    const lags = new Map<string, number[]>();
    const before = world.upstream.arrivals.total();
    for (let n = 0; n < CUSTOMERS; n++)
      for (const step of stepsOf(n)) {
        await world.pass(BETWEEN_MS + world.random.below(BETWEEN_MS));
        lags.set(step.name, [...(lags.get(step.name) ?? []), await lagOf(world, step)]);
      }
    for (const [name, values] of lags)
      figures = { ...figures, [`${upstream} ${name}, mean s`]: mean(values), [`${upstream} ${name}, p95 s`]: p95(values) };
    figures = { ...figures, [`${upstream}, requests / change`]: (world.upstream.arrivals.total() - before) / (CUSTOMERS * lags.size) };
  }
  return figures;
};
