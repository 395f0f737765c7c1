/** PUT /rfis/{tenantId}/assignment and /operator/assignment-rules: which partner a Request for Information concerns. */
import { z } from 'zod';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import {
  assignmentRuleBody,
  assignmentRuleList,
  assignmentRuleRequest,
  RULE_ID,
  type ManageRules,
} from '../../shared/rfis/assignment-rules.ts';
import type { AssignRfi } from '../../shared/rfis/reassign.ts';
import { rfiView } from '../../shared/rfis/view.ts';
import { ASSIGNMENT_RULE, RFI } from './rfi-examples.ts';
import { rfiParams } from './rfis.ts';

const ruleParams = z.strictObject({ ruleId: z.string().regex(RULE_ID) });
const RULE_PATH = 'operator/assignment-rules/{ruleId}';

export const putRfiAssignment = defineRoute({
  name: 'putRfiAssignment',
  method: 'PUT',
  path: 'rfis/{tenantId}/assignment',
  role: 'Operator.Admin',
  summary: 'Give a request for information to a partner',
  description:
    'Whatever rules and customers say; with null back to them. Where a decision of the present partner is under way, it moves after that.',
  params: rfiParams,
  body: z.strictObject({ partnerId: z.string().regex(PARTNER_ID).nullable() }).meta({ id: 'RfiAssignmentRequest' }),
  errors: ['RfiClosed', 'ServiceBusy'],
  examples: { body: { partnerId: 'acme' }, answer: RFI },
  success: { 200: rfiView },
});

export const listAssignmentRules = defineRoute({
  name: 'listAssignmentRules',
  method: 'GET',
  path: 'operator/assignment-rules',
  role: 'Operator.Read',
  summary: 'Which requests for information go to which partner',
  examples: { answer: { value: [ASSIGNMENT_RULE] } },
  success: { 200: assignmentRuleList },
});

export const getAssignmentRule = defineRoute({
  name: 'getAssignmentRule',
  method: 'GET',
  path: RULE_PATH,
  role: 'Operator.Read',
  summary: 'One rule of assignment',
  params: ruleParams,
  examples: { answer: ASSIGNMENT_RULE },
  success: { 200: assignmentRuleBody },
});

export const putAssignmentRule = defineRoute({
  name: 'putAssignmentRule',
  method: 'PUT',
  path: RULE_PATH,
  role: 'Operator.Admin',
  summary: 'Send requests for information of tenants or countries to a partner',
  description:
    'A customer with the tenant, and the word of the operator, come before every rule; a rule that names the tenant before one that names a ' +
    'country; of several of a kind the first by id. What there is already moves at once.',
  params: ruleParams,
  body: assignmentRuleRequest,
  errors: ['LimitReached'],
  examples: { body: { partnerId: ASSIGNMENT_RULE.partnerId, countries: ASSIGNMENT_RULE.countries }, answer: ASSIGNMENT_RULE },
  success: { 200: assignmentRuleBody, 201: assignmentRuleBody },
});

export const deleteAssignmentRule = defineRoute({
  name: 'deleteAssignmentRule',
  method: 'DELETE',
  path: RULE_PATH,
  role: 'Operator.Admin',
  summary: 'Remove a rule of assignment',
  params: ruleParams,
  examples: {},
  success: { 204: z.undefined() },
});

export type RfiAssignmentUses = {
  putRfiAssignment: UseCase<typeof putRfiAssignment, Principal>;
  listAssignmentRules: UseCase<typeof listAssignmentRules, Principal>;
  getAssignmentRule: UseCase<typeof getAssignmentRule, Principal>;
  putAssignmentRule: UseCase<typeof putAssignmentRule, Principal>;
  deleteAssignmentRule: UseCase<typeof deleteAssignmentRule, Principal>;
};

export const rfiAssignmentUses = (use: { assignRfi: AssignRfi; rules: ManageRules }): RfiAssignmentUses => ({
  putRfiAssignment: ({ params: { tenantId }, body: { partnerId } }) => use.assignRfi(tenantId, partnerId),
  listAssignmentRules: () => use.rules.list(),
  getAssignmentRule: ({ params: { ruleId } }) => use.rules.get(ruleId),
  putAssignmentRule: async ({ params: { ruleId }, body }) => {
    const put = await use.rules.put(ruleId, body);
    if (put instanceof AppError) return put;
    return put.status === 201 ? { status: 201, body: put.body } : { status: 200, body: put.body };
  },
  deleteAssignmentRule: async ({ params: { ruleId } }) => {
    await use.rules.remove(ruleId);
    return { status: 204 };
  },
});
