/** Decides, when a write is accepted, how and when it will end: rules first, then what the backend is known to refuse. */
import { errorAnswer, type Answer, type ApiError } from '../http/answer.ts';
import { syncedServicesOfAccount, isSynced, type AccountContent } from '../resources/account-schema.ts';
import { enabledServices, type NumberContent } from '../resources/number-schema.ts';
import { BACKEND_NAMES, TENANT_SERVICES, type Service } from '../resources/services.ts';
import { pending, settled, type Step, type SyncState } from '../resources/sync-state.ts';
import type { Range } from '../settings.ts';
import type { World } from '../world.ts';
import { findRule, type OutcomeRule, type RuleSubject } from './outcome-rules.ts';

const draw = (world: World, range: Range): number => Math.round(range.min + world.random() * (range.max - range.min));

/** The slowest service decides. */
export const drawLatencyMs = (world: World, services: readonly Service[]): number => {
  const { latencyMs, latencyMsByService } = world.settings;
  const ranges = services.length ? services.map((service) => latencyMsByService[service] ?? latencyMs) : [latencyMs];
  return Math.max(...ranges.map((range) => draw(world, range)));
};

type LiveRule = World['rules'][number];

/** A rule whose `times` are used up is gone. */
const findLive = (world: World, subject: RuleSubject): LiveRule | undefined => {
  const live = world.rules.filter(({ rule, used }) => rule.times === undefined || used < rule.times);
  const rule = findRule(
    live.map((entry) => entry.rule),
    subject,
  );
  return live.find((entry) => entry.rule === rule);
};

/** Finds the rule for a write and counts its use. */
const takeRule = (world: World, subject: RuleSubject): OutcomeRule | undefined => {
  const found = findLive(world, subject);
  if (found) found.used++;
  return found?.rule;
};

/** The refusal that a rule wants for a write, if any; rules with another outcome are left for the sync. */
export const takeRejection = (world: World, subject: RuleSubject, target: string): { status: number; error: ApiError } | undefined => {
  const found = findLive(world, subject);
  if (found?.rule.outcome !== 'rejected') return undefined;
  found.used++;
  return {
    status: found.rule.status ?? 400,
    error: found.rule.error ?? { code: 'InvalidRequest', message: 'The value is refused.', target },
  };
};

export const rejection = (world: World, subject: RuleSubject): Answer | undefined => {
  const refused = takeRejection(world, subject, '');
  return refused && errorAnswer(refused.status, refused.error);
};

const byRule = (rule: OutcomeRule, atMs: number, target: string): Step[] => {
  if (rule.outcome === 'pending' || rule.outcome === 'rejected') return [];
  const assigned: Step[] = rule.assignedAfterMs === undefined ? [] : [{ atMs: atMs + rule.assignedAfterMs, becomes: 'assigned' }];
  if (rule.outcome === 'synced') return [{ atMs, becomes: 'synced' }, ...assigned];
  const error: ApiError = rule.error ?? { code: 'InternalError', message: 'The backend service refused the request.', target };
  const repaired: Step[] = rule.repairedAfterMs === undefined ? [] : [{ atMs: atMs + rule.repairedAfterMs, becomes: 'synced' }];
  return [{ atMs, becomes: 'failed', errors: [error] }, ...repaired];
};

/** Published: an empty usage ends `failed` with this error; a number without configuration lacks the same attribute. */
export const backendErrors = (number: NumberContent, services: readonly Service[]): ApiError[] =>
  TENANT_SERVICES.filter((service) => services.includes(service) && !number.serviceDetails[service]?.configuration?.usage).map(
    (service) => ({
      code: 'InvalidRequest',
      message: 'Invalid/missing required configuration attributes: Usage',
      target: BACKEND_NAMES[service],
    }),
  );

const syncedServicesOfNumber = (number: NumberContent, account: AccountContent): Service[] =>
  enabledServices(number).filter((service) => isSynced(account, service));

/** The state a number gets from a write. A number without a backend, before or after the write, is synced at once. */
export const planNumber = (world: World, number: NumberContent, account: AccountContent, previous?: NumberContent): SyncState => {
  const services = syncedServicesOfNumber(number, account);
  const affected = [...services, ...(previous ? syncedServicesOfNumber(previous, account) : [])];
  const rule = takeRule(world, { on: 'write', number: number.telephoneNumber, account: account.name, services: enabledServices(number) });
  if (!rule && affected.length === 0) return settled();
  const atMs = world.now() + (rule?.afterMs ?? drawLatencyMs(world, affected));
  if (rule) return pending(byRule(rule, atMs, BACKEND_NAMES[services[0] ?? 'teamsOperatorConnect']));
  const errors = backendErrors(number, services);
  return pending([errors.length ? { atMs, becomes: 'failed', errors } : { atMs, becomes: 'synced' }]);
};

/** Switching sync off is an update like any other: what was synced before goes through pending once more. */
export const planAccount = (world: World, account: AccountContent, previous?: AccountContent): SyncState => {
  const services = [...syncedServicesOfAccount(account), ...(previous ? syncedServicesOfAccount(previous) : [])];
  const rule = takeRule(world, { on: 'write', account: account.name, services });
  if (!rule && services.length === 0) return settled();
  const atMs = world.now() + (rule?.afterMs ?? drawLatencyMs(world, services));
  return pending(rule ? byRule(rule, atMs, BACKEND_NAMES[services[0] ?? 'teamsOperatorConnect']) : [{ atMs, becomes: 'synced' }]);
};

export const planRfi = (world: World, tenantId: string): SyncState => {
  const rule = takeRule(world, { on: 'write', tenantId, services: ['teamsOperatorConnect'] });
  const atMs = world.now() + (rule?.afterMs ?? drawLatencyMs(world, ['teamsOperatorConnect']));
  if (rule) return pending(byRule(rule, atMs, 'oc'));
  return world.settings.rfiUpdate === 'synced' ? settled() : pending([{ atMs, becomes: 'synced' }]);
};

/** A removal of something synced stays visible until its backend let go; a rule may make it hang or fail. */
export const planRemoval = (world: World, subject: RuleSubject): SyncState => {
  const rule = takeRule(world, subject);
  const atMs = world.now() + (rule?.afterMs ?? drawLatencyMs(world, subject.services));
  if (rule && rule.outcome !== 'synced') return pending(byRule(rule, atMs, 'oc'));
  return pending([{ atMs, becomes: 'gone' }]);
};
