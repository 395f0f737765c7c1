/** GET /operator/partners/{partnerId}/export: everything of a partner that leaves. */
import { z } from 'zod';
import { exportPage, exportQuery, NDJSON_TYPE, toLines, type ExportPartner } from '../../shared/operator/export.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { NUMBER_RANGES } from './operator-examples.ts';

export const exportPartner = defineRoute({
  name: 'exportPartner',
  method: 'GET',
  path: 'operator/partners/{partnerId}/export',
  role: 'Operator.Admin',
  summary: 'Everything of a partner, page by page',
  description:
    'What the partner could list itself, and what the operator keeps of it: no secrets, and no contacts. As lines of JSON with `Accept: ' +
    'application/x-ndjson`; the `Link` header leads to the next page. Whoever was cut off goes on with the last link. Also for one that was removed.',
  params: z.strictObject({ partnerId: z.string().regex(PARTNER_ID) }),
  query: exportQuery,
  produces: NDJSON_TYPE,
  errors: ['InvalidContinuationToken'],
  examples: { answer: { value: [{ kind: 'numberRanges', value: { ranges: NUMBER_RANGES.ranges } }] } },
  success: { 200: exportPage },
});

export type ExportUses = { exportPartner: UseCase<typeof exportPartner, Principal> };

export const exportUses = (use: ExportPartner): ExportUses => ({
  exportPartner: async ({ params: { partnerId }, query, wantsText }) => {
    const page = await use(partnerId, query);
    if (page instanceof AppError || !wantsText) return page;
    const headers: Record<string, string> = page.body.nextLink === undefined ? {} : { Link: `<${page.body.nextLink}>; rel="next"` };
    return { ...page, text: toLines(page.body), headers };
  },
});
