/** Use cases of /operator/assignment-rules: which RFIs go to which partner before anybody has a customer. Table `Partners`. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { CHOSEN_ID } from '../platform/ids/id-patterns.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { AssignmentRule } from './assignment.ts';

const PARTITION = 'rfi-rules';
export const RULE_ID = CHOSEN_ID;
/** Before and after every id. */
const [FIRST, AFTER_LAST] = ['0', '~'];
const MAX_RULES = 200;
const MAX_TENANTS = 1_000;
const MAX_COUNTRIES = 300;

const tenantIds = z.array(z.guid().toLowerCase()).min(1).max(MAX_TENANTS);
/** As upstream spells them: `US` and `UK` are both seen. */
const countries = z.array(z.string().trim().min(1).max(20)).min(1).max(MAX_COUNTRIES);

export const assignmentRuleRequest = z
  .strictObject({ partnerId: z.string().min(1).max(20), tenantIds: tenantIds.optional(), countries: countries.optional() })
  .refine((rule) => (rule.tenantIds === undefined) !== (rule.countries === undefined), {
    error: 'A rule names either tenant ids or countries.',
    params: { code: 'Required' },
  })
  .meta({ id: 'AssignmentRuleRequest' });
export type AssignmentRuleRequest = z.output<typeof assignmentRuleRequest>;

export const assignmentRuleBody = z
  .strictObject({
    id: z.string(),
    partnerId: z.string(),
    tenantIds: z.array(z.string()).optional(),
    countries: z.array(z.string()).optional(),
  })
  .meta({ id: 'AssignmentRule' });

export const assignmentRuleList = z.strictObject({ value: z.array(assignmentRuleBody) }).meta({ id: 'AssignmentRuleList' });

export type ListRules = () => Promise<AssignmentRule[]>;

type RuleRow = { v: 1; rule: AssignmentRule };

export const makeListRules =
  ({ partners }: { partners: RowStore }): ListRules =>
  async () =>
    (await partners.range(PARTITION, FIRST, AFTER_LAST)).map(({ value }) => (value as RuleRow).rule);

export type ManageRules = {
  list: () => Promise<{ body: { value: AssignmentRule[] } }>;
  /** Error: ResourceNotFound. */
  get: (id: string) => Promise<{ body: AssignmentRule } | AppError>;
  /** 201 when it is new. Errors: InvalidRequest for a partner that is none, LimitReached. What it changes has changed, as far as it can be now. */
  put: (id: string, request: AssignmentRuleRequest) => Promise<{ status: 200 | 201; body: AssignmentRule } | AppError>;
  /** Removing what is not there changes nothing. */
  remove: (id: string) => Promise<void>;
};

export type ManageRulesEffects = {
  partners: RowStore;
  partnerExists: (id: string) => Promise<boolean>;
  /** Gives RFIs to whom they belong by the rules as they are then. */
  reassign: () => Promise<void>;
};

export const noSuchPartner = (): AppError => {
  const details = [{ code: 'PartnerUnknown', message: 'There is no such partner.', target: '/partnerId' }];
  return new AppError('InvalidRequest', { target: 'body', details });
};

const toRule = (id: string, request: AssignmentRuleRequest): AssignmentRule => ({
  id,
  partnerId: request.partnerId,
  ...(request.tenantIds === undefined ? {} : { tenantIds: request.tenantIds }),
  ...(request.countries === undefined ? {} : { countries: request.countries }),
});

export const makeManageRules = ({ partners, partnerExists, reassign }: ManageRulesEffects): ManageRules => {
  const list = makeListRules({ partners });
  return {
    list: async () => ({ body: { value: await list() } }),
    get: async (id) => {
      const row = await partners.get(PARTITION, id);
      return row ? { body: (row.value as RuleRow).rule } : new AppError('ResourceNotFound', { target: 'assignmentRule' });
    },
    put: async (id, request) => {
      if (!(await partnerExists(request.partnerId))) return noSuchPartner();
      const isNew = (await partners.get(PARTITION, id)) === undefined;
      if (isNew && (await list()).length >= MAX_RULES) return new AppError('LimitReached');
      const rule = toRule(id, request);
      const value: RuleRow = { v: 1, rule };
      await partners.commit(PARTITION, [{ kind: 'put', key: id, value }]);
      await reassign();
      return { status: isNew ? 201 : 200, body: rule };
    },
    remove: async (id) => {
      if ((await partners.get(PARTITION, id)) === undefined) return;
      // A conflict means that it is gone already.
      await partners.commit(PARTITION, [{ kind: 'delete', key: id }]);
      await reassign();
    },
  };
};
