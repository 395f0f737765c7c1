/** Use cases: one service of a customer is enabled, set up or disabled, the others stay as they are. */
import { AppError } from '../platform/errors/app-error.ts';
import { TENANT_SERVICES, type Service } from '../platform/upstream/services.ts';
import { customerLaneOf } from './names.ts';
import type { AcceptAccount, AccountDraft, CustomerLane, ReadCustomerLane } from './ports.ts';
import { domainProblem } from './gateway-names.ts';
import { isAllowed, syncProblem, toAnswer, type AnswerSettings, type PutCustomerAnswer } from './put-customer.ts';
import { readService, type ServiceWish } from './service-paths.ts';
import { toUpstreamChange, viewOf, withService } from './translate.ts';

/** Each lost race means that another change of the same customer went through. */
const MAX_TRIES = 5;

export type ChangeServiceEffects = AnswerSettings & { readLane: ReadCustomerLane; accept: AcceptAccount };

export type ServiceInput = {
  partner: string;
  customerId: string;
  service: Service;
  requestHash: string;
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
};

/** 201 when the service was off. Errors: ResourceNotFound, InvalidRequest, SyncNotSupported, PreconditionFailed, ServiceBusy. */
export type PutService = (input: ServiceInput & { body: unknown }) => Promise<PutCustomerAnswer | AppError>;

/** `off`: there is nothing to disable. Errors: ResourceNotFound, ServiceInUse, PreconditionFailed, ServiceBusy. */
export type DeleteService = (input: ServiceInput) => Promise<{ kind: 'accepted'; operationId: string } | { kind: 'off' } | AppError>;

const missing = (): AppError => new AppError('ResourceNotFound', { target: 'customer' });

/** What the engine is asked for; an empty wish switches the service off. Alone, it does not check anything. */
export const serviceDraft = (lane: CustomerLane, service: Service, wish: ServiceWish, requestHash: string): AccountDraft => ({
  lane: lane.lane,
  partner: lane.partner,
  customerId: lane.customerId,
  accountName: lane.accountName,
  kind: 'account',
  about: { action: wish[service] ? 'customer.service.put' : 'customer.service.delete', service },
  numbers: [''],
  payload: toUpstreamChange(service, wish),
  view: withService(viewOf(lane), service, wish),
  requestHash: `${service}:${requestHash}`,
  basedOn: lane.account.operationSeq,
});

const findLane = async (readLane: ReadCustomerLane, { partner, customerId }: ServiceInput): Promise<CustomerLane | undefined> => {
  const lane = (await readLane(customerLaneOf(partner, customerId)))?.value;
  return lane?.account.removal === undefined ? lane : undefined;
};

/** InvalidRequest where the service needs a tenant id and the customer has none. */
export const tenantProblem = (lane: CustomerLane, service: Service): AppError | undefined =>
  TENANT_SERVICES.includes(service) && viewOf(lane).teamsTenantId === undefined
    ? new AppError('InvalidRequest', {
        message: 'The customer has no tenant id.',
        target: 'body',
        details: [{ code: 'Required', message: 'Operator Connect and Teams Phone Mobile need the tenant id.', target: '/teamsTenantId' }],
      })
    : undefined;

type Tried<T> = T | AppError | 'moved';

const insist = async <T>(tryOnce: () => Promise<Tried<T>>): Promise<T | AppError> => {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const answer = await tryOnce();
    if (answer !== 'moved') return answer;
  }
  return new AppError('ServiceBusy');
};

const putOnce = async (
  { readLane, accept, ...settings }: ChangeServiceEffects,
  input: ServiceInput,
  wish: ServiceWish,
): Promise<Tried<PutCustomerAnswer>> => {
  const lane = await findLane(readLane, input);
  if (!lane) return missing();
  if (!isAllowed(lane, input)) return new AppError('PreconditionFailed', { target: 'customer' });
  const problem = tenantProblem(lane, input.service);
  if (problem) return problem;
  const draft = serviceDraft(lane, input.service, wish, input.requestHash);
  if (lane.account.requestHash === draft.requestHash && lane.account.status !== 'Failed') return toAnswer(200, lane, settings);
  const accepted = await accept(draft);
  if (accepted.kind === 'moved') return 'moved';
  if (accepted.kind !== 'accepted') return accepted.kind === 'noLane' ? missing() : new AppError('ServiceBusy');
  const now = await findLane(readLane, input);
  if (!now) return missing();
  return toAnswer(viewOf(lane).services[input.service]?.enabled ? 200 : 201, now, settings);
};

export const makePutService =
  (effects: ChangeServiceEffects): PutService =>
  async ({ body, ...input }) => {
    const wish = readService(input.service, body);
    if (wish instanceof AppError) return wish;
    const { subdomain } = wish.teamsDirectRouting ?? {};
    const problem = syncProblem({ services: wish }) ?? domainProblem(subdomain, effects.gatewayDomain, '/subdomain');
    return problem ?? insist(() => putOnce(effects, input, wish));
  };

export const makeDeleteService =
  ({ readLane, accept }: ChangeServiceEffects): DeleteService =>
  (input) =>
    insist(async () => {
      const lane = await findLane(readLane, input);
      if (!lane) return missing();
      if (!isAllowed(lane, input)) return new AppError('PreconditionFailed', { target: 'customer' });
      if (!viewOf(lane).services[input.service]?.enabled) return { kind: 'off' };
      if ((lane.account.seen?.numberCounts[input.service] ?? 0) > 0) return new AppError('ServiceInUse', { target: input.service });
      const accepted = await accept(serviceDraft(lane, input.service, {}, input.requestHash));
      if (accepted.kind === 'moved') return 'moved';
      if (accepted.kind === 'accepted') return { kind: 'accepted', operationId: accepted.operation.id };
      return accepted.kind === 'noLane' ? missing() : new AppError('ServiceBusy');
    });
