/** Accounts: list, get, create or replace, delete. */
import { badRequest, checked, refused, type Checked } from '../http/answer.ts';
import { checkBody } from '../http/check-body.ts';
import { accountSchema, isEnabled, type AccountContent } from '../resources/account-schema.ts';
import type { AccountRecord } from '../resources/records.ts';
import { SERVICES, TENANT_SERVICES } from '../resources/services.ts';
import { toAccountBody } from '../resources/views.ts';
import { planAccount, rejection } from '../sync/plan.ts';
import { planSubdomain } from '../sync/plan-subdomain.ts';
import { writeAccount } from '../sync/write-record.ts';
import type { World } from '../world.ts';
import { absent, guard, newVersion, noContent, resourceAnswer, type Handle } from './call.ts';
import { listAnswer } from './list-answer.ts';
import { removeAccount } from './remove.ts';

const toBody = (world: World, record: AccountRecord): Record<string, unknown> =>
  toAccountBody(record, world.store.numberCounts(record.content.name), world.settings);

export const listAccounts: Handle = (world, call) =>
  listAnswer(world, call, world.store.accountKeys, (key) => {
    const record = world.store.account(key);
    return record && toBody(world, record);
  });

export const getAccount: Handle = (world, call) => {
  const record = world.store.account(call.params.accountName ?? '');
  if (!record) return absent('The account');
  const allowed = guard(world, call, record);
  return allowed.ok ? resourceAnswer(world, 200, record, toBody(world, record)) : allowed.answer;
};

/** Rules 3 and 15 of the published text: what numbers rely on stays while they exist. */
const checkReplace = (world: World, before: AccountContent, after: AccountContent): Checked<undefined> => {
  const counts = world.store.numberCounts(before.name);
  if (
    before.serviceDetails?.teamsTenantId !== after.serviceDetails?.teamsTenantId &&
    TENANT_SERVICES.some((service) => counts[service] > 0)
  ) {
    return refused(409, 'Conflict', 'teamsTenantId cannot change while Teams numbers exist.', 'serviceDetails.teamsTenantId');
  }
  const inUse = SERVICES.find((service) => isEnabled(before, service) && !isEnabled(after, service) && counts[service] > 0);
  if (inUse) return refused(409, 'Conflict', `${inUse} cannot be disabled while numbers use it.`, `serviceDetails.${inUse}`);
  return checked(undefined);
};

export const putAccount: Handle = (world, call) => {
  const body = checkBody(accountSchema, call.body);
  if (!body.ok) return body.answer;
  const content = body.value;
  if (content.name !== call.params.accountName) return badRequest('name differs from the path.', 'name').answer;
  const before = world.store.account(content.name);
  const allowed = guard(world, call, before);
  if (!allowed.ok) return allowed.answer;
  const possible = before ? checkReplace(world, before.content, content) : checked(undefined);
  if (!possible.ok) return possible.answer;
  const refusedByRule = rejection(world, { on: 'write', account: content.name, services: [] });
  if (refusedByRule) return refusedByRule;
  const record: AccountRecord = {
    content,
    ...newVersion(world),
    state: planAccount(world, content, before?.content),
    subdomain: planSubdomain(world, content, before),
  };
  writeAccount(world, record);
  return resourceAnswer(world, before ? 200 : 201, record, toBody(world, record));
};

const readDeleteNumbers = (query: URLSearchParams): boolean | undefined => {
  const text = query.get('deleteNumbers') ?? 'false';
  return text === 'true' ? true : text === 'false' ? false : undefined;
};

export const deleteAccount: Handle = (world, call) => {
  const name = call.params.accountName ?? '';
  const deleteNumbers = readDeleteNumbers(call.query);
  if (deleteNumbers === undefined) return badRequest('deleteNumbers must be true or false.', 'deleteNumbers').answer;
  const record = world.store.account(name);
  const allowed = guard(world, call, record);
  if (!allowed.ok) return allowed.answer;
  if (!record) return noContent();
  if (!deleteNumbers && world.store.numberKeysOf(name).size() > 0) {
    return badRequest('The account has numbers. Delete them first, or with deleteNumbers=true.', 'deleteNumbers').answer;
  }
  removeAccount(world, record, call);
  return noContent();
};
