/** Single numbers: list by account or over all accounts, get, create or replace, delete. */
import { badRequest } from '../http/answer.ts';
import { checkBody } from '../http/check-body.ts';
import { numberSchema } from '../resources/number-schema.ts';
import type { NumberRecord } from '../resources/records.ts';
import { toNumberBody } from '../resources/views.ts';
import type { KeyList } from '../store/sorted-keys.ts';
import type { World } from '../world.ts';
import { absent, guard, noContent, resourceAnswer, type Call, type Handle } from './call.ts';
import { findNumberProblem, problemsAnswer } from './check-number.ts';
import { listAnswer } from './list-answer.ts';
import { removeNumber } from './remove.ts';
import { storeNumber } from './store-number.ts';

const list = (world: World, call: Call, keys: KeyList): ReturnType<Handle> =>
  listAnswer(world, call, keys, (key) => {
    const record = world.store.number(key);
    return record && toNumberBody(record, world.settings);
  });

export const listAllNumbers: Handle = (world, call) => list(world, call, world.store.numberKeys);

export const listNumbersOfAccount: Handle = (world, call) => {
  const account = call.params.accountName ?? '';
  return world.store.account(account) ? list(world, call, world.store.numberKeysOf(account)) : absent('The account');
};

/** A number of another account is not there. */
const find = (world: World, { params }: Call): NumberRecord | undefined => {
  const record = world.store.number(params.telephoneNumber ?? '');
  return record?.content.accountName === params.accountName ? record : undefined;
};

export const getNumber: Handle = (world, call) => {
  const record = find(world, call);
  if (!record) return absent('The number');
  const allowed = guard(world, call, record);
  return allowed.ok ? resourceAnswer(world, 200, record, toNumberBody(record, world.settings)) : allowed.answer;
};

export const putNumber: Handle = (world, call) => {
  const body = checkBody(numberSchema, call.body);
  if (!body.ok) return body.answer;
  if (body.value.telephoneNumber !== call.params.telephoneNumber) {
    return badRequest('telephoneNumber differs from the path.', 'telephoneNumber').answer;
  }
  const account = world.store.account(call.params.accountName ?? '');
  if (!account) return absent('The account');
  const before = find(world, call);
  const allowed = guard(world, call, before);
  if (!allowed.ok) return allowed.answer;
  const problem = findNumberProblem(world, account.content, body.value);
  const refusal = problemsAnswer(problem ? [problem] : [], world.settings.errorTargets);
  if (refusal) return refusal;
  const record = storeNumber(world, call, account.content, body.value);
  return resourceAnswer(world, before ? 200 : 201, record, toNumberBody(record, world.settings));
};

/** Deleting what is absent is a success: the draft versions name no 404 for it. */
export const deleteNumber: Handle = (world, call) => {
  const record = find(world, call);
  const allowed = guard(world, call, record);
  if (!allowed.ok) return allowed.answer;
  if (record) removeNumber(world, record, call);
  return noContent();
};
