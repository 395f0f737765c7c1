/** What a caller may know about itself. */
import { z } from 'zod';
import { numberRange, partnerQuota, partnerState, role, type Principal } from './model.ts';

export const meView = z
  .strictObject({
    kind: z.enum(['partner', 'operator']),
    /** The calling application, for callers that sign in with Entra. */
    tenantId: z.string().optional(),
    clientId: z.string().optional(),
    /** The calling key, for callers that use one. */
    apiKeyId: z.string().optional(),
    roles: z.array(role),
    partner: z
      .strictObject({
        id: z.string(),
        name: z.string(),
        state: partnerState,
        numberRanges: z.array(numberRange),
        /** What it may ask; a member is absent where nothing limits it. */
        quota: partnerQuota,
      })
      .optional(),
    limits: z.strictObject({ numbersPerOrder: z.int(), rangesPerOrder: z.int() }),
    apiVersions: z.array(z.string()),
  })
  .meta({ id: 'Me' });
export type MeView = z.infer<typeof meView>;

/** What holds for every caller alike. */
export type ApiFacts = Pick<MeView, 'limits' | 'apiVersions'>;

/** `requestsPerMinute`: of partners whose quota does not say; 0 for any number. */
export const viewOfMe = (principal: Principal, facts: ApiFacts, requestsPerMinute: number): MeView => {
  const { kind, caller, roles } = principal;
  const common = { kind, ...caller, roles: [...roles], ...facts };
  if (principal.kind === 'operator') return common;
  const { id, name, state, ranges, quota: own } = principal.partner;
  const quota = { ...(requestsPerMinute === 0 ? {} : { requestsPerMinute }), ...own };
  return { ...common, partner: { id, name, state, numberRanges: ranges, quota } };
};
