/** Pure: whether an account, as upstream shows it, is what was asked for. */
import { accountFacts } from './account-facts.ts';
import type { Verdict } from './model.ts';
import { asResource } from './resource.ts';
import { syncVerdict } from './sync-verdict.ts';

const PROVISIONED = 'provisioned';

/** Direct Routing with a subdomain of its own is ready only when upstream has set up its DNS (azure-docs, manage Teams Direct Routing). */
const awaitsSubdomain = (resource: unknown): boolean => {
  const service = asResource(asResource(asResource(resource)['serviceDetails'])['teamsDirectRouting']);
  const wanted = service['enabled'] === true && asResource(service['configuration'])['subdomain'] !== undefined;
  const status = service['subdomainStatus'];
  return wanted && !(typeof status === 'string' && status.toLowerCase() === PROVISIONED);
};

/** Synced and, for Direct Routing, with its subdomain provisioned; a failed synchronisation ends the wait for either. Says what else was seen. */
export const accountVerdict = (resource: unknown): Verdict => {
  const verdict = syncVerdict(asResource(resource));
  const seen = accountFacts(resource);
  const known: Verdict = verdict.to === 'succeeded' && awaitsSubdomain(resource) ? { to: 'submitted', executed: true } : verdict;
  return seen ? { ...known, seen } : known;
};
