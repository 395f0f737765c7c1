/** Pure: what a change makes of a subscription. */
import type { Subscription } from './model.ts';
import type { PatchSubscription } from './subscription-contract.ts';

const HOUR_MS = 3_600_000;
/** Secrets that may still sign beside the newest one: whoever asks again for lack of an answer must not push out the one in use. */
const MAX_OLD_SECRETS = 9;

/** Absent: as it was. `null`: away with it. */
const choose = <T>(asked: T | null | undefined, was: T | undefined): T | undefined => (asked === undefined ? was : (asked ?? undefined));

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

/** `request.url` is the checked one; `sealedHeaders` belongs to `request.headers`. */
export const patched = (
  before: Subscription,
  request: Omit<PatchSubscription, 'url' | 'state'> & { url: string | undefined },
  sealedHeaders: string | undefined,
  updatedAt: string,
): Subscription => {
  const { headers } = request;
  return withoutUndefined({
    ...before,
    url: request.url ?? before.url,
    description: choose(request.description, before.description),
    eventTypes: request.eventTypes ?? before.eventTypes,
    customerIds: request.customerIds ?? before.customerIds,
    detail: request.detail ?? before.detail,
    payloadVersion: request.payloadVersion ?? before.payloadVersion,
    ordered: request.ordered ?? before.ordered,
    maxPerSecond: choose(request.maxPerSecond, before.maxPerSecond),
    maxInFlight: choose(request.maxInFlight, before.maxInFlight),
    headerNames: choose(headers && Object.keys(headers), headers === null ? undefined : before.headerNames),
    sealedHeaders: headers === undefined ? before.sealedHeaders : sealedHeaders,
    updatedAt,
  } as Subscription);
};

/**
 * The new secret first; those of before go on signing for the overlap, or to their own end when that is nearer. `same`: seals of the new
 * secret that are there already, as it is asked for twice; it takes no other's place.
 */
export const rotated = (
  before: Subscription,
  { sealed, same, overlapHours }: { sealed: string; same: ReadonlySet<string>; overlapHours: number },
  nowMs: number,
): Subscription => {
  const untilMs = nowMs + overlapHours * HOUR_MS;
  const old = before.secrets
    .filter((secret) => secret.sealed !== sealed && !same.has(secret.sealed))
    .map((secret) => ({ ...secret, expiresAtMs: Math.min(secret.expiresAtMs ?? untilMs, untilMs) }))
    .filter((secret) => secret.expiresAtMs > nowMs)
    .slice(0, MAX_OLD_SECRETS);
  const createdAt = new Date(nowMs).toISOString();
  return { ...before, secrets: [{ sealed, createdAt }, ...old], updatedAt: createdAt };
};
