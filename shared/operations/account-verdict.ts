/** Pure: whether an account, as upstream shows it, is what was asked for. */
import { accountFacts } from './account-facts.ts';
import type { Verdict } from './model.ts';
import { asResource } from './resource.ts';
import { syncVerdict } from './sync-verdict.ts';

const PROVISIONED = 'provisioned';
/** Not among the published values, which are open; it says that nothing will come of waiting. */
const FAILED = 'failed';
/** Until so long after the write the status may still be that of an earlier subdomain. */
const STALE_SUBDOMAIN_MS = 60_000;

type Subdomain = 'none' | 'awaited' | 'failed';

/** Direct Routing with a subdomain of its own is ready only when upstream has set up its DNS (azure-docs, manage Teams Direct Routing). */
const subdomainOf = (resource: unknown, ageMs: number): Subdomain => {
  const service = asResource(asResource(asResource(resource)['serviceDetails'])['teamsDirectRouting']);
  if (service['enabled'] !== true || asResource(service['configuration'])['subdomain'] === undefined) return 'none';
  const status = typeof service['subdomainStatus'] === 'string' ? service['subdomainStatus'].toLowerCase() : '';
  if (status === PROVISIONED) return 'none';
  return status === FAILED && ageMs >= STALE_SUBDOMAIN_MS ? 'failed' : 'awaited';
};

const SUBDOMAIN_FAILED: Verdict = {
  to: 'failed',
  executed: true,
  error: {
    code: 'SubdomainFailed',
    upstream: [
      { code: 'SubdomainFailed', message: 'The gateway has not set up the names of the subdomain.', target: 'teamsDirectRouting' },
    ],
  },
};

const verdictOf = (resource: unknown, ageMs: number): Verdict => {
  const verdict = syncVerdict(asResource(resource));
  if (verdict.to !== 'succeeded') return verdict;
  const subdomain = subdomainOf(resource, ageMs);
  if (subdomain === 'none') return verdict;
  return subdomain === 'failed' ? SUBDOMAIN_FAILED : { to: 'submitted', executed: true };
};

/**
 * Synced and, for Direct Routing, with its subdomain provisioned; a failure of either ends the wait. `ageMs`: since the write. Says what else
 * was seen.
 */
export const accountVerdict = (resource: unknown, ageMs = 0): Verdict => {
  const verdict = verdictOf(resource, ageMs);
  const seen = accountFacts(resource);
  return seen ? { ...verdict, seen } : verdict;
};
