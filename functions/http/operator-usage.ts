/** GET /operator/usage: what partners used, by day, for invoices. */
import { z } from 'zod';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { daysOf, MAX_DAYS, toUsageCsv, usagePage, usageQuery, USAGE_TYPE, type ListUsage } from '../../shared/usage/list.ts';
import { USAGE } from './operator-examples.ts';

export const getUsage = defineRoute({
  name: 'getUsage',
  method: 'GET',
  path: 'operator/usage',
  role: 'Operator.Read',
  summary: 'What partners used, by partner and day (UTC)',
  description:
    'Orders, numbers, events and deliveries are counted once each, some minutes after they happened; requests to within some seconds of each ' +
    'instance that ended. As CSV with `Accept: text/csv`; the `Link` header leads to the next page, which begins with the next partner.',
  query: usageQuery.extend({ partnerId: z.string().regex(PARTNER_ID).optional() }),
  produces: USAGE_TYPE,
  errors: ['InvalidContinuationToken', 'InvalidRequest'],
  examples: { query: { from: '2026-11-01', to: '2026-11-30' }, answer: { value: [USAGE] } },
  success: { 200: usagePage },
});

export type UsageUses = { getUsage: UseCase<typeof getUsage, Principal> };

export type UsageUseEffects = { listUsage: ListUsage; everybody: () => Promise<readonly string[]>; now: () => number };

export const usageUses = ({ listUsage, everybody, now }: UsageUseEffects): UsageUses => ({
  getUsage: async ({ query, wantsText }) => {
    const days = daysOf(query, now());
    if (!days)
      return new AppError('InvalidRequest', { message: `from and to must be in order, ${MAX_DAYS} days at most.`, target: 'query' });
    const page = await listUsage(query.partnerId === undefined ? await everybody() : [query.partnerId], days, query);
    if (!wantsText) return { body: page };
    const headers: Record<string, string> = page.nextLink === undefined ? {} : { Link: `<${page.nextLink}>; rel="next"` };
    return { body: page, text: toUsageCsv(page.value), headers };
  },
});
