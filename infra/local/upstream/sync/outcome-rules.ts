/** Rules that tests and demos set to steer how writes end, by number or account; pure. */
import { z } from 'zod';
import { SERVICES, type Service } from '../resources/services.ts';

const errorSchema = z.strictObject({ code: z.string().min(1), message: z.string(), target: z.string().optional() });

export const outcomeRuleSchema = z
  .strictObject({
    /** Which resources: exact number, end of the number, account; all that are given must fit. */
    number: z.string().optional(),
    suffix: z.string().min(1).optional(),
    account: z.string().optional(),
    tenantId: z.string().optional(),
    service: z.enum(SERVICES).optional(),
    /** Which writes it is about: without it, creates and updates. */
    on: z.enum(['write', 'delete']).optional(),
    /** `pending` never settles; `rejected` refuses the write itself with `status`. */
    outcome: z.enum(['synced', 'failed', 'pending', 'rejected']),
    error: errorSchema.optional(),
    status: z.int().min(400).max(499).optional(),
    /** Replaces the latency. */
    afterMs: z.number().min(0).optional(),
    /** After that many more ms a user got the number. */
    assignedAfterMs: z.number().min(0).optional(),
    /** After that many more ms a failed resource is repaired by its backend. */
    repairedAfterMs: z.number().min(0).optional(),
    /** How many writes it applies to; without it, all. */
    times: z.int().min(1).optional(),
  })
  .refine((rule) => [rule.number, rule.suffix, rule.account, rule.tenantId].some((key) => key !== undefined), {
    message: 'a rule needs number, suffix, account or tenantId',
  });

export type OutcomeRule = z.infer<typeof outcomeRuleSchema>;

export type RuleSubject = {
  on: 'write' | 'delete';
  number?: string;
  account?: string;
  tenantId?: string;
  services: readonly Service[];
};

const fits = (rule: OutcomeRule, subject: RuleSubject): boolean => {
  const numberWanted = rule.number !== undefined || rule.suffix !== undefined;
  // A rule that names an account alone speaks of the account, not of its numbers.
  if (!numberWanted && subject.number !== undefined) return false;
  return (
    (rule.on ?? 'write') === subject.on &&
    (rule.number === undefined || rule.number === subject.number) &&
    (rule.suffix === undefined || subject.number?.endsWith(rule.suffix) === true) &&
    (rule.account === undefined || rule.account === subject.account) &&
    (rule.tenantId === undefined || rule.tenantId === subject.tenantId) &&
    (rule.service === undefined || subject.services.includes(rule.service))
  );
};

/** The first rule that fits decides. */
export const findRule = (rules: readonly OutcomeRule[], subject: RuleSubject): OutcomeRule | undefined =>
  rules.find((rule) => fits(rule, subject));
