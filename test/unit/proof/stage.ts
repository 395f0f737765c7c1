/** The whole app over stores in memory and the upstream emulator, with two partners who have the same things, and a clock of its own. */
import { InvocationContext } from '@azure/functions';
import { changeRfis, changeTeamsData } from '../../../infra/local/upstream/control/seed.ts';
import { TABLES, type Effects, type TableName } from '../../../functions/effects.ts';
import { ROLES, type Role } from '../../../shared/partners/model.ts';
import { toWakeBody } from '../../../shared/platform/bus/envelope.ts';
import type { TokenCheck } from '../../../shared/platform/identity/verify-token.ts';
import { memoryRowStore, type MemoryRowStore, type Moment } from '../../fakes/memory-row-store.ts';
import { timedRowStore } from '../../fakes/timed-row-store.ts';
import { composedApp } from '../http/composed-app.ts';
import { seeded } from '../webhooks/log-world.ts';
import { addressOf, RFI_TENANTS, SEED_PARTNERS } from './cast.ts';
import { upstreamInProcess } from './upstream-in-process.ts';

const START_MS = Date.parse('2026-11-22T02:00:00Z');
const STEP_MS = 2_000;
const OPERATOR_TENANT = '11111111-1111-4111-8111-111111111111';

export const PARTNERS = ['acme', 'globex'] as const;
export type PartnerName = (typeof PARTNERS)[number];
export type CallerName = PartnerName | 'operator';

/** The token of a caller with these roles, or with all that its kind has. */
export const tokenOf = (caller: CallerName, role?: Role): string => (role === undefined ? caller : `${caller}-${role.replace('.', '-')}`);

const checkOf = (caller: CallerName, roles: readonly Role[]): TokenCheck => ({
  kind: 'verified',
  tenantId: caller === 'operator' ? OPERATOR_TENANT : (SEED_PARTNERS.find(({ id }) => id === caller)?.clients[0]?.tenantId ?? ''),
  clientId: SEED_PARTNERS.find(({ id }) => id === caller)?.clients[0]?.clientId ?? OPERATOR_TENANT,
  roles: [...roles],
});

const isOfOperator = (role: Role): boolean => role.startsWith('Operator.');
const TOKENS: Record<string, TokenCheck> = {};
for (const caller of ['acme', 'globex', 'operator'] as const) {
  const whole = ROLES.filter((role) => isOfOperator(role) === (caller === 'operator'));
  TOKENS[tokenOf(caller)] = checkOf(caller, whole);
  for (const role of ROLES) TOKENS[tokenOf(caller, role)] = checkOf(caller, [role]);
}

export type StageMoment = { stores: ReadonlyMap<TableName, Moment>; nowMs: number };

/** `logs`: gets what handlers write to their invocations. `change`: puts others in place of the effects of the stage. */
export type StageChanges = { logs?: string[]; change?: (effects: StageEffects) => Partial<Effects> };
export type StageEffects = Partial<Effects> & Pick<Effects, 'clock' | 'table' | 'post'>;

export const makeStage = ({ logs, change = (effects) => effects }: StageChanges = {}) => {
  let nowMs = START_MS;
  let ids = 0;
  const random = seeded(7);
  const now = (): number => nowMs;
  const clock = { now, sleep: async (ms: number) => void (nowMs += ms) };
  const stores = new Map<TableName, MemoryRowStore>(TABLES.map((name) => [name, memoryRowStore()]));
  const storeOf = (name: TableName): MemoryRowStore => stores.get(name) ?? memoryRowStore();
  const budget = timedRowStore(storeOf('Budget'), clock);
  const upstream = upstreamInProcess(now, random);
  changeRfis(upstream.world, { rfis: RFI_TENANTS.map((tenantId, n) => rfiOf(tenantId, n)) });
  for (const partner of PARTNERS) changeTeamsData(upstream.world, { account: `${partner}-contoso`, addresses: [addressOf(partner)] });
  upstream.world.rules.push({
    rule: { suffix: '091', outcome: 'failed', error: { code: 'InvalidRequest', message: 'no usage', target: 'oc' } },
    used: 0,
  });
  const woken: { kind: 'lane' | 'subscription'; id: string }[] = [];
  const wake = (kind: 'lane' | 'subscription') => async (id: string) => void woken.push({ kind, id });
  const wakeAll = (kind: 'lane' | 'subscription') => async (some: readonly string[]) =>
    void woken.push(...some.map((id) => ({ kind, id })));
  const app = composedApp(
    TOKENS,
    change({
      clock,
      table: (name) => (name === 'Budget' ? budget : storeOf(name)),
      call: upstream.call,
      random,
      newId: () => `made${String(++ids).padStart(6, '0')}`,
      newUuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
      randomBytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256)),
      wakes: {
        wakeLane: wake('lane'),
        wakeLanes: wakeAll('lane'),
        wakeSubscription: wake('subscription'),
        wakeSubscriptions: wakeAll('subscription'),
      },
      post: async () => ({ outcome: 'answered', status: 204, headers: {}, body: '', bodyTruncated: false, durationMs: 5 }),
    }),
    { SEED_PARTNERS: JSON.stringify(SEED_PARTNERS), AUTH_OPERATOR_TENANT_ID: OPERATOR_TENANT, PARTNER_REQUESTS_PER_MINUTE: '0' },
  );
  const context = (): InvocationContext =>
    new InvocationContext({
      functionName: 'stage',
      invocationId: 'one',
      logHandler: (_level, ...lines) => void logs?.push(lines.join(' ')),
    });
  const serveWakes = async (): Promise<void> => {
    for (let next = woken.shift(); next; next = woken.shift()) {
      const name = next.kind === 'lane' ? 'apply' : 'deliver';
      const body =
        next.kind === 'lane' ? { kind: 'lane' as const, lane: next.id } : { kind: 'subscription' as const, subscription: next.id };
      await app.queues.find((queue) => queue.name === name)?.handler(toWakeBody(body), context());
    }
  };
  const call: typeof app.call = async (path, options) => {
    const answer = await app.call(path, options);
    logs?.push(...answer.logs.map((line) => JSON.stringify(line)));
    return answer;
  };
  return {
    ...app,
    call,
    /** Serves one wake, and those that it brings. */
    wake: async (kind: 'lane' | 'subscription', id: string): Promise<void> => {
      woken.push({ kind, id });
      await serveWakes();
    },
    upstream,
    stores,
    /** What the bus does with a wake of a lane that nobody could serve. */
    bury: async (lane: string, messageId: string): Promise<void> => {
      const queue = app.queues.find(({ name }) => name === 'provisioning-dead-letters');
      const buried = new InvocationContext({
        functionName: 'stage',
        invocationId: 'one',
        triggerMetadata: { messageId },
        logHandler: () => undefined,
      });
      await queue?.handler(toWakeBody({ kind: 'lane', lane }), buried);
    },
    /** Lets the queues and timers run for so many rounds, two seconds each. */
    play: async (rounds = 20): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        await serveWakes();
        nowMs += STEP_MS;
        // Nightly.
        for (const timer of app.timers.filter(({ name }) => name !== 'reconcile')) await timer.handler();
      }
      await serveWakes();
    },
    moment: (): StageMoment => ({ stores: new Map([...stores].map(([name, store]) => [name, store.moment()])), nowMs }),
    restore: (moment: StageMoment): void => {
      for (const [name, held] of moment.stores) stores.get(name)?.restore(held);
      nowMs = moment.nowMs;
      woken.length = 0;
    },
  };
};
export type Stage = ReturnType<typeof makeStage>;

const rfiOf = (tenantId: string, n: number) => ({
  tenantId,
  id: `0000000${n}-0000-4000-8000-00000000000${n}`,
  consentedCountries: ['UK'],
  contacts: [{ fullName: `Contact ${n}`, email: `contact${n}@customer.example`, telephoneNumber: '+441632000001' }],
});
