/** Wires what partners are invoiced for: requests as they come, everything else from the logs, later. */
import type { Principal } from '../shared/partners/model.ts';
import type { PartnerRegistry } from '../shared/partners/registry.ts';
import type { Settings } from '../shared/platform/config/env.ts';
import { makeCountUsage } from '../shared/usage/count.ts';
import { makeCountRequest } from '../shared/usage/count-requests.ts';
import { makeListUsage } from '../shared/usage/list.ts';
import { subscriptionStore } from '../shared/webhooks/subscription-store.ts';
import { makeUsageLog } from '../shared/webhooks/usage-log.ts';
import type { Effects } from './effects.ts';
import { usageUses, type UsageUses } from './http/operator-usage.ts';

export type Usage = {
  uses: UsageUses;
  count: () => Promise<void>;
  /** The same look at who calls, which counts the requests of partners. */
  counted: <A extends unknown[]>(admit: (...asked: A) => Promise<Principal>) => (...asked: A) => Promise<Principal>;
};

export const makeUsage = (
  settings: Settings,
  { clock, table, newUuid, later = (_, run) => run() }: Effects,
  registry: Pick<PartnerRegistry, 'records'>,
): Usage => {
  const usage = table('Usage');
  const now = (): number => clock.now();
  const subscriptions = subscriptionStore(table('Subscriptions'));
  const everybody = async (): Promise<string[]> => (await registry.records()).map(({ partner }) => partner.id);
  const countUsage = makeCountUsage({
    usage,
    now,
    ...makeUsageLog({ state: table('State') }),
    listSubscriptions: async (partnerId) =>
      (await subscriptions.list(partnerId)).filter(({ url }) => url !== undefined).map(({ id }) => id),
  });
  const countRequest = makeCountRequest({ usage, now, later, instanceId: newUuid() });
  return {
    uses: usageUses({ listUsage: makeListUsage({ usage, publicBaseUrl: settings.PUBLIC_BASE_URL }), everybody, now }),
    count: async () => countUsage(await everybody()),
    counted:
      (admit) =>
      async (...asked) => {
        const principal = await admit(...asked);
        if (principal.kind === 'partner') countRequest(principal.partner.id);
        return principal;
      },
  };
};
