/** Direct Routing's second state: DNS records of the subdomain are programmed some time after they are asked for. */
import type { AccountContent } from '../resources/account-schema.ts';
import type { AccountRecord, Subdomain } from '../resources/records.ts';
import type { World } from '../world.ts';

const sameConfiguration = (a: AccountContent, b: AccountContent): boolean =>
  JSON.stringify(a.serviceDetails?.teamsDirectRouting?.configuration) ===
  JSON.stringify(b.serviceDetails?.teamsDirectRouting?.configuration);

/** Unchanged configuration keeps its progress; a changed one is `inconsistent` (programmed differs from asked) until redone. */
export const planSubdomain = (world: World, account: AccountContent, before: AccountRecord | undefined): Subdomain | undefined => {
  const directRouting = account.serviceDetails?.teamsDirectRouting;
  if (!directRouting) return undefined;
  if (before?.subdomain && sameConfiguration(before.content, account)) return before.subdomain;
  const status = before?.subdomain?.status === 'provisioned' ? 'inconsistent' : 'notProvisioned';
  if (!directRouting.configuration) return { status: 'notProvisioned' };
  const { min, max } = world.settings.subdomainLatencyMs;
  return { status, doneAtMs: world.now() + Math.round(min + world.random() * (max - min)) };
};
