/** Pure: a profile in upstream's words, and an order in the partner's. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import { etagOf } from '../platform/http/etag.ts';
import { estimatedCompletionMs } from './estimate.ts';
import { itemsHref } from './links.ts';
import { MAX_DETAILS, type OrderBody, type OrderProfile, type OrderView } from './model.ts';
import type { OrderRequest } from './order-request.ts';
import type { OrderOperation, Standing, StoredItem } from './ports.ts';

type Json = Record<string, unknown>;
type TeamsProfile = Extract<OrderProfile, { usage: string }>;

/** Without the members that are undefined. */
const defined = (value: Json): Json => {
  const kept: Json = {};
  for (const name in value) if (value[name] !== undefined) kept[name] = value[name];
  return kept;
};

const toTeamsNumber = (profile: TeamsProfile): Json =>
  defined({
    enabled: true,
    assignmentStatus: profile.assignmentStatus,
    configuration: defined({
      usage: profile.usage,
      choosableCapabilities: profile.capabilities,
      additionalUsages: profile.additionalUsages,
      civicAddressId: profile.emergency?.civicAddressId,
      locationId: profile.emergency?.locationId,
      allowTenantAddressUpdate: profile.emergency?.tenantMayUpdate,
      displayedCountryCode: profile.displayedCountryCode,
    }),
  });

/** A number as upstream takes it, without its own digits and account. */
export const toUpstreamNumber = (profile: OrderProfile): Json => {
  const customSipHeader = 'customSipHeader' in profile ? profile.customSipHeader : undefined;
  return {
    serviceDetails: { [profile.service]: 'usage' in profile ? toTeamsNumber(profile) : { enabled: true } },
    ...(customSipHeader === undefined ? {} : { configuration: { customSipHeader } }),
  };
};

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

const fromTeamsNumber = ({ assignmentStatus, configuration }: Json): Json => {
  const { usage, choosableCapabilities, additionalUsages, civicAddressId, locationId, allowTenantAddressUpdate, displayedCountryCode } =
    asJson(configuration);
  const emergency = defined({ civicAddressId, locationId, tenantMayUpdate: allowTenantAddressUpdate });
  return defined({
    usage,
    capabilities: choosableCapabilities,
    additionalUsages,
    emergency: Object.keys(emergency).length === 0 ? undefined : emergency,
    displayedCountryCode,
    assignmentStatus,
  });
};

/** The settings of which `toUpstreamNumber` made `number`. */
export const fromUpstreamNumber = (number: Json): OrderProfile => {
  const [service, details] = Object.entries(asJson(number['serviceDetails']))[0] ?? [];
  const { customSipHeader } = asJson(number['configuration']);
  return { ...fromTeamsNumber(asJson(details)), ...defined({ service, customSipHeader }) } as OrderProfile;
};

export const toView = (request: OrderRequest, warnings: readonly ErrorDetail[]): OrderView => ({
  action: request.action,
  ...(request.externalReference === undefined ? {} : { externalReference: request.externalReference }),
  ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
  ...(request.notBefore === undefined ? {} : { notBefore: request.notBefore }),
  ...(request.action === 'provision' && request.ensureService === 'enable' ? { ensureService: 'enable' } : {}),
  ...(request.allowPartial ? { allowPartial: true } : {}),
  ...(request.action === 'release' ? {} : { profile: request.profile }),
  ...(request.action === 'release' || request.profileId === undefined ? {} : { profileId: request.profileId }),
  ...(request.action === 'release' || request.onExisting === undefined ? {} : { onExisting: request.onExisting }),
  ...(warnings.length === 0 ? {} : { warnings: warnings.slice(0, MAX_DETAILS) }),
  ...(warnings.length > MAX_DETAILS ? { warningsTruncated: true } : {}),
});

/** `toView` made it. */
export const viewOf = (operation: OrderOperation): OrderView => operation.view as OrderView;

/** What was no number is kept as it was written. */
export const telephoneNumberOf = ({ digits, error }: StoredItem): string => (error?.code === 'InvalidNumber' ? digits : `+${digits}`);

export const toFailures = (failures: OrderOperation['failures']): { code: string; count: number }[] =>
  Object.entries(failures).map(([code, count]) => ({ code, count }));

const percentComplete = ({ total, pending, submitted }: OrderOperation['counts']): number =>
  total === 0 ? 100 : Math.floor(((total - pending - submitted) * 100) / total);

export type OrderContext = {
  publicBaseUrl: string;
  upstreamRequestsPerMinute: number;
  nowMs: number;
  standing?: Standing;
  retriedBy?: readonly string[];
};

/** What the order itself says of what it waits for, where nobody has looked further. */
const ownStanding = ({ heldUntil }: OrderOperation): Standing =>
  heldUntil === undefined ? { ahead: 0 } : { ahead: 0, waitingFor: { reason: 'notBefore', untilMs: Date.parse(heldUntil) } };

const toWaitingFor = ({ waitingFor }: Standing): Pick<OrderBody, 'waitingFor'> => {
  if (!waitingFor) return {};
  const { untilMs, ...rest } = waitingFor;
  return { waitingFor: { ...rest, ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }) } };
};

/** The order as partners see it. Its ETag leaves out the estimate and what it waits for, which change with every look. */
export const toOrder = (operation: OrderOperation, context: OrderContext): OrderBody => {
  const { id, state, customerId, counts, createdAt, startedAt, finishedAt } = operation;
  const body = {
    id,
    status: state,
    customerId,
    ...viewOf(operation),
    counts,
    percentComplete: percentComplete(counts),
    failures: toFailures(operation.failures),
    ...(context.retriedBy === undefined || context.retriedBy.length === 0 ? {} : { retriedBy: [...context.retriedBy] }),
    itemsHref: itemsHref(context.publicBaseUrl, id),
    createdAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
  const standing = context.standing ?? ownStanding(operation);
  const fromMs = Math.max(context.nowMs, standing.waitingFor?.untilMs ?? 0);
  const doneMs = estimatedCompletionMs(counts, context.upstreamRequestsPerMinute, fromMs, standing.ahead);
  return {
    ...body,
    ...(counts.pending === 0 ? {} : toWaitingFor(standing)),
    ...(doneMs === undefined ? {} : { estimatedCompletionAt: new Date(doneMs).toISOString() }),
    etag: etagOf(body),
  };
};
