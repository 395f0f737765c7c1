/** What a caller may know about itself. */
import { z } from 'zod';
import { numberRange, partnerState, role, type Principal } from './model.ts';

export const meView = z
  .strictObject({
    kind: z.enum(['partner', 'operator']),
    /** The calling application, for callers that sign in with Entra. */
    tenantId: z.string().optional(),
    clientId: z.string().optional(),
    /** The calling key, for callers that use one. */
    apiKeyId: z.string().optional(),
    roles: z.array(role),
    partner: z.strictObject({ id: z.string(), name: z.string(), state: partnerState, numberRanges: z.array(numberRange) }).optional(),
    limits: z.strictObject({ numbersPerOrder: z.int(), rangesPerOrder: z.int() }),
    apiVersions: z.array(z.string()),
  })
  .meta({ id: 'Me' });
export type MeView = z.infer<typeof meView>;

/** What holds for every caller alike. */
export type ApiFacts = Pick<MeView, 'limits' | 'apiVersions'>;

export const viewOfMe = (principal: Principal, facts: ApiFacts): MeView => {
  const { kind, caller, roles } = principal;
  const common = { kind, ...caller, roles: [...roles], ...facts };
  if (principal.kind === 'operator') return common;
  const { id, name, state, ranges } = principal.partner;
  return { ...common, partner: { id, name, state, numberRanges: ranges } };
};
