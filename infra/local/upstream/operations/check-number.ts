/** The business rules a number must meet before it is stored. */
import { errorAnswer, type Answer, type ApiError } from '../http/answer.ts';
import { isEnabled, type AccountContent } from '../resources/account-schema.ts';
import { enabledServices, type NumberContent } from '../resources/number-schema.ts';
import { TENANT_SERVICES } from '../resources/services.ts';
import { findAddressProblem } from './check-address.ts';
import { takeRejection } from '../sync/plan.ts';
import type { Settings } from '../settings.ts';
import type { World } from '../world.ts';

export type NumberProblem = { status: number; error: ApiError };

const problem = (status: number, code: string, message: string, target: string): NumberProblem => ({
  status,
  error: { code, message, target },
});

/** The first rule that a number breaks, if any. `at` is where the number stands in the body, for the error's target. */
export const findNumberProblem = (world: World, account: AccountContent, number: NumberContent, at = ''): NumberProblem | undefined => {
  if (number.accountName !== account.name) return problem(400, 'InvalidRequest', 'accountName differs from the path.', `${at}accountName`);
  const services = enabledServices(number);
  const missing = services.find((service) => !isEnabled(account, service));
  if (missing) return problem(400, 'InvalidRequest', `${missing} is not enabled on the account.`, `${at}serviceDetails.${missing}`);
  if (services.some((service) => TENANT_SERVICES.some((teams) => teams === service)) && !account.serviceDetails?.teamsTenantId) {
    return problem(400, 'InvalidRequest', 'The account has no teamsTenantId.', `${at}serviceDetails`);
  }
  const owner = world.store.number(number.telephoneNumber)?.content.accountName ?? account.name;
  if (owner !== account.name) return problem(409, 'Conflict', 'The number belongs to another account.', `${at}telephoneNumber`);
  const address = findAddressProblem(world.store.teamsData(account.name)?.addresses ?? [], number);
  if (address) return problem(400, 'InvalidRequest', address.message, at + address.target);
  return takeRejection(world, { on: 'write', number: number.telephoneNumber, account: account.name, services }, `${at}telephoneNumber`);
};

/** One problem is the error itself; of several, the first with all of them as details. `bare` keeps to itself which number it was. */
export const problemsAnswer = (problems: readonly NumberProblem[], targets: Settings['errorTargets']): Answer | undefined => {
  const [first] = problems;
  if (!first) return undefined;
  const { target: _target, ...bare } = first.error;
  if (targets === 'bare') return errorAnswer(first.status, bare);
  const details = problems.map((one) => one.error);
  return errorAnswer(first.status, problems.length > 1 ? { ...first.error, details } : first.error);
};
