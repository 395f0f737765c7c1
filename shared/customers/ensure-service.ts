/** Use case for orders: what it takes that a customer has a service. */
import { AppError } from '../platform/errors/app-error.ts';
import type { Service } from '../platform/upstream/services.ts';
import { serviceDraft, tenantProblem } from './change-service.ts';
import { customerLaneOf } from './names.ts';
import type { AccountDraft, CustomerLane, ReadCustomerLane } from './ports.ts';
import { readService } from './service-paths.ts';
import { viewOf } from './translate.ts';

export type Ensured =
  /** It is on, or `pending`: it was asked for by the operation with this seq, and the gateway has not shown it yet. */
  | { kind: 'on'; pending?: number }
  /** It is off: this change switches it on, with what the service is by default. */
  | { kind: 'off'; change: AccountDraft }
  /** It is off, and switching it on takes what only the partner knows. */
  | { kind: 'configurationRequired' }
  | { kind: 'missing' };

export type EnsureService = (partner: string, customerId: string, service: Service) => Promise<Ensured>;

/** In place of the hash of a request, which there is none of. */
const BY_ORDER = 'ordered';

const alreadyOn = ({ account }: CustomerLane, service: Service): Ensured => {
  const shown = account.seen?.enabled.includes(service) ?? false;
  return account.status === 'Pending' && !shown ? { kind: 'on', pending: account.operationSeq } : { kind: 'on' };
};

export const makeEnsureService =
  ({ readLane }: { readLane: ReadCustomerLane }): EnsureService =>
  async (partner, customerId, service) => {
    const lane = (await readLane(customerLaneOf(partner, customerId)))?.value;
    if (!lane || lane.account.removal !== undefined) return { kind: 'missing' };
    if (viewOf(lane).services[service]?.enabled) return alreadyOn(lane, service);
    const wish = readService(service, {});
    if (wish instanceof AppError || tenantProblem(lane, service)) return { kind: 'configurationRequired' };
    return { kind: 'off', change: serviceDraft(lane, service, wish, BY_ORDER) };
  };
