/** The two live questions to Operator Connect: an account's capability plans, and what given numbers can do. */
import { errorAnswer } from '../http/answer.ts';
import { checkBody } from '../http/check-body.ts';
import { isEnabled, type AccountContent } from '../resources/account-schema.ts';
import { identifiersSchema } from '../resources/number-schema.ts';
import { TENANT_SERVICES } from '../resources/services.ts';
import { USUAL_CAPABILITIES, USUAL_PLANS } from '../resources/teams-data.ts';
import { absent, type Handle } from './call.ts';

const isInTeams = (account: AccountContent): boolean => TENANT_SERVICES.some((service) => isEnabled(account, service));

/** An account outside Teams has no plans (assumed). */
export const getCapabilityPlans: Handle = (world, { params }) => {
  const account = world.store.account(params.accountName ?? '');
  if (!account) return absent('The account');
  const plans = world.store.teamsData(account.content.name)?.plans ?? USUAL_PLANS;
  return { status: 200, headers: {}, body: { capabilityPlans: isInTeams(account.content) ? plans : [] } };
};

/** Every number asked about must be in the account (assumed). */
export const getAvailableCapabilities: Handle = (world, { params, body }) => {
  const identifiers = checkBody(identifiersSchema, body);
  if (!identifiers.ok) return identifiers.answer;
  const account = world.store.account(params.accountName ?? '');
  if (!account) return absent('The account');
  const { name } = account.content;
  const strangers = identifiers.value.numbers.flatMap(({ telephoneNumber }, index) =>
    world.store.number(telephoneNumber)?.content.accountName === name ? [] : [`numbers[${index}].telephoneNumber`],
  );
  if (strangers[0] !== undefined) {
    return errorAnswer(404, { code: 'NotFound', message: 'A number is not in the account.', target: strangers[0] });
  }
  return { status: 200, headers: {}, body: { availableCapabilities: world.store.teamsData(name)?.capabilities ?? USUAL_CAPABILITIES } };
};
