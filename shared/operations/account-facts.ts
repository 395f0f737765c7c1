/** Pure: what upstream says of an account beyond what was asked of it, kept for answers. */
import { z } from 'zod';
import { TENANT_SERVICES } from '../platform/upstream/services.ts';

const service = z.object({
  enabled: z.boolean().nullish(),
  numberCount: z.int().min(0).nullish(),
  subdomainStatus: z.string().nullish(),
});
const resource = z.object({
  serviceDetails: z.object({ teamsTenantId: z.string().nullish() }).catchall(z.unknown()).nullish(),
});

export type AccountFacts = {
  teamsTenantId?: string;
  /** Numbers by service, where upstream counts them. */
  numberCounts: Record<string, number>;
  enabled: string[];
  /** Of Direct Routing's DNS, in upstream's own word. */
  subdomainStatus?: string;
};

/** Undefined when it is no account that we can read. */
export const accountFacts = (seen: unknown): AccountFacts | undefined => {
  const parsed = resource.safeParse(seen);
  if (!parsed.success || !parsed.data.serviceDetails) return undefined;
  const { teamsTenantId, ...details } = parsed.data.serviceDetails;
  const services = Object.entries(details).flatMap(([name, value]) => {
    const read = service.safeParse(value);
    return read.success ? [[name, read.data] as const] : [];
  });
  const counts = services.flatMap(([name, { numberCount }]) => (typeof numberCount === 'number' ? [[name, numberCount] as const] : []));
  const status = services.find(([, { subdomainStatus }]) => typeof subdomainStatus === 'string')?.[1].subdomainStatus;
  return {
    ...(typeof teamsTenantId === 'string' ? { teamsTenantId } : {}),
    numberCounts: Object.fromEntries(counts),
    enabled: services.filter(([, { enabled }]) => enabled === true).map(([name]) => name),
    ...(typeof status === 'string' ? { subdomainStatus: status } : {}),
  };
};

type Wish = { serviceDetails?: Record<string, unknown> };

/**
 * Why upstream, holding this, would refuse what is wanted: a service would go that numbers use, or the tenant on which they rely.
 * Told before anything is sent; undefined when nothing stands in the way.
 */
export const refusalOf = (seen: unknown, wanted: unknown): 'ServiceInUse' | 'TenantIdLocked' | undefined => {
  const facts = accountFacts(seen);
  const wish = (wanted as Wish).serviceDetails;
  if (!facts || !wish) return undefined;
  const used = (name: string): boolean => (facts.numberCounts[name] ?? 0) > 0;
  const goes = Object.entries(wish).some(([name, value]) => (value as { enabled?: unknown } | null)?.enabled === false && used(name));
  if (goes) return 'ServiceInUse';
  const { teamsTenantId } = wish;
  const moves = teamsTenantId !== undefined && facts.teamsTenantId !== undefined && !sameTenant(teamsTenantId, facts.teamsTenantId);
  return moves && TENANT_SERVICES.some(used) ? 'TenantIdLocked' : undefined;
};

const sameTenant = (wanted: unknown, seen: string): boolean => typeof wanted === 'string' && wanted.toLowerCase() === seen.toLowerCase();
