/** Batches of numbers: create or update, and delete; all of a batch or nothing of it. */
import { checkBody } from '../http/check-body.ts';
import { batchDeleteSchema, batchSchema, type NumberContent } from '../resources/number-schema.ts';
import { toNumberBody } from '../resources/views.ts';
import { absent, noContent, type Handle } from './call.ts';
import { findNumberProblem, problemsAnswer, type NumberProblem } from './check-number.ts';
import { removeNumber } from './remove.ts';
import { storeNumber } from './store-number.ts';

const findDuplicates = (numbers: readonly NumberContent[]): NumberProblem[] => {
  const first = new Map<string, number>();
  for (const [index, { telephoneNumber }] of numbers.entries()) if (!first.has(telephoneNumber)) first.set(telephoneNumber, index);
  return numbers.flatMap(({ telephoneNumber }, index) => {
    if (first.get(telephoneNumber) === index) return [];
    const target = `numbers[${index}].telephoneNumber`;
    return [{ status: 400, error: { code: 'InvalidRequest', message: 'The number is in the batch twice.', target } }];
  });
};

/** Atomic: one bad number refuses all (text of 2023-10-01; not restated). */
export const createOrUpdateNumbers: Handle = (world, call) => {
  const body = checkBody(batchSchema, call.body);
  if (!body.ok) return body.answer;
  const account = world.store.account(call.params.accountName ?? '');
  if (!account) return absent('The account');
  const { numbers } = body.value;
  const problems = numbers.flatMap((number, index) => findNumberProblem(world, account.content, number, `numbers[${index}].`) ?? []);
  const refusal = problemsAnswer([...findDuplicates(numbers), ...problems], world.settings.errorTargets);
  if (refusal) return refusal;
  const records = numbers.map((number) => storeNumber(world, call, account.content, number));
  return { status: 200, headers: {}, body: { numbers: records.map((record) => toNumberBody(record, world.settings)) } };
};

/** Numbers that are not there, or belong to another account, are passed over. */
export const deleteNumbers: Handle = (world, call) => {
  const body = checkBody(batchDeleteSchema, call.body);
  if (!body.ok) return body.answer;
  const account = call.params.accountName ?? '';
  if (!world.store.account(account)) return absent('The account');
  for (const { telephoneNumber } of body.value.numbers) {
    const record = world.store.number(telephoneNumber);
    if (record?.content.accountName === account) removeNumber(world, record, call);
  }
  return noContent();
};
