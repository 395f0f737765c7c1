/** Reads a customer's tenant data from what is kept of it, or from upstream when that is too old or somebody asks for it anew. */
import { AppError } from '../platform/errors/app-error.ts';
import { SERVICES } from '../platform/upstream/services.ts';
import type { AskNow, CustomerLane } from './ports.ts';
import type { TenantCache } from './tenant-cache.ts';
import type { Source } from './tenant-sources.ts';
import { viewOf } from './translate.ts';
import { toUnansweredError } from '../platform/upstream/unanswered.ts';

/** How long what upstream said is good enough, and how long it is better than nothing while upstream does not answer. */
export const FRESH_MS = 600_000;
const STALE_MS = 24 * 3_600_000;

export type ReadThroughEffects = { cache: TenantCache; askNow: AskNow; now: () => number };

export type ReadData<T> = { value: T; atMs: number };

/** The customer as far as its tenant's data depend on it: they change when it does. */
export const tenantStateOf = (lane: CustomerLane): string => {
  const { teamsTenantId = '', services } = viewOf(lane);
  return [lane.account.createdAt, lane.account.status, teamsTenantId, ...SERVICES.filter((name) => services[name]?.enabled)].join('|');
};

/** Whose data: `tenantState` as `tenantStateOf` says it now. */
export type DataOwner = { lane: string; accountName: string; partner: string; tenantState: string };

export const dataOwnerOf = (lane: CustomerLane): DataOwner => ({
  lane: lane.lane,
  accountName: lane.accountName,
  partner: lane.partner,
  tenantState: tenantStateOf(lane),
});

/** What is kept and at most `maxAgeMs` old; asks nobody. */
export const readKept = async <T>(
  { cache, now }: Pick<ReadThroughEffects, 'cache' | 'now'>,
  { lane, tenantState }: Pick<DataOwner, 'lane' | 'tenantState'>,
  { key }: Source<T>,
  maxAgeMs = FRESH_MS,
): Promise<ReadData<T> | undefined> => {
  const row = await cache.get(lane, key);
  const isGood = row?.of === tenantState && now() - row.atMs < maxAgeMs;
  // Only what this very source has read stands under its key.
  return isGood ? { value: row.value as T, atMs: row.atMs } : undefined;
};

/**
 * `refresh` asks upstream whatever is kept, and tells why when it does not answer; without it an older copy is better than none.
 * Errors: ResourceNotFound (`target`) when upstream knows none, TooManyRequests, UpstreamUnavailable, UpstreamTimeout, UpstreamRejected.
 */
export const readThrough = async <T>(
  effects: ReadThroughEffects,
  owner: DataOwner,
  source: Source<T>,
  { refresh, target = 'customer' }: { refresh: boolean; target?: string },
): Promise<ReadData<T> | AppError> => {
  const kept = await readKept(effects, owner, source, STALE_MS);
  if (kept && !refresh && effects.now() - kept.atMs < FRESH_MS) return kept;
  const atMs = effects.now();
  const read = await source.read(effects.askNow, owner.accountName, owner.partner);
  if (read.kind === 'absent') return new AppError('ResourceNotFound', { target });
  if (read.kind !== 'read') return kept && !refresh ? kept : toUnansweredError(read);
  await effects.cache.put(owner.lane, source.key, { v: 1, of: owner.tenantState, atMs, value: read.value });
  return { value: read.value, atMs };
};
