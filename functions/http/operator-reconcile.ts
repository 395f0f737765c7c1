/** /operator/reconcile and /operator/drift: what is stored here is compared with the gateway, and an operator decides what is to hold. */
import { z } from 'zod';
import type { DecideDrift } from '../../shared/operations/reconcile/decide-drift.ts';
import { driftBody, driftPage, driftQuery, toDriftCsv, type ListDrift } from '../../shared/operations/reconcile/list-drift.ts';
import { reconcileBody, type ManageReconcile } from '../../shared/operations/reconcile/manage-reconcile.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { DEFAULT_API_VERSION } from '../../shared/platform/http/api-version.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { GIVEN_ID } from '../../shared/platform/ids/id-patterns.ts';
import { DRIFT, RECONCILIATION } from './operator-upstream-examples.ts';

const params = z.strictObject({ driftId: z.string().regex(GIVEN_ID) });

export const startReconcile = defineRoute({
  name: 'startReconcile',
  method: 'POST',
  path: 'operator/reconcile',
  role: 'Operator.Admin',
  summary: 'Compare everything owned with the gateway now',
  description:
    'One at a time, in list pages, from the background share of the budget. It changes nothing; what differs is listed by GET /operator/drift.',
  errors: ['SyncInProgress', 'ServiceBusy'],
  examples: { answer: { status: 'Running', startedAt: RECONCILIATION.startedAt, pages: 0 } },
  success: { 202: reconcileBody },
});

export const getReconcile = defineRoute({
  name: 'getReconcile',
  method: 'GET',
  path: 'operator/reconcile',
  role: 'Operator.Read',
  summary: 'How comparing with the gateway goes, and how it went last',
  examples: { answer: RECONCILIATION },
  success: { 200: reconcileBody },
});

export const listDrift = defineRoute({
  name: 'listDrift',
  method: 'GET',
  path: 'operator/drift',
  role: 'Operator.Read',
  summary: 'What differs from the gateway',
  description:
    'As the last comparison found it. As CSV with `Accept: text/csv`, a line for each field; the `Link` header leads to the next page.',
  query: driftQuery,
  produces: 'text/csv',
  errors: ['InvalidContinuationToken'],
  examples: { query: { kind: 'numberDifferent' }, answer: { value: [DRIFT] } },
  success: { 200: driftPage },
});

export const acceptDrift = defineRoute({
  name: 'acceptDrift',
  method: 'POST',
  path: 'operator/drift/{driftId}/accept',
  role: 'Operator.Admin',
  summary: "Take the gateway's state of it for ours",
  description: 'The gateway is asked once more, and what it shows then is what holds. Nothing changes there.',
  params,
  errors: ['OperationUnderWay', 'NumberHeld', 'UpstreamUnavailable'],
  examples: { answer: { ...DRIFT, status: 'accepted' } },
  success: { 200: driftBody },
});

export const reapplyDrift = defineRoute({
  name: 'reapplyDrift',
  method: 'POST',
  path: 'operator/drift/{driftId}/reapply',
  role: 'Operator.Admin',
  summary: 'Put back what is ours, like any other change',
  description:
    'What is missing or different is sent again; a number that is unknown here is released. Operation-Location tells how it goes.',
  params,
  errors: ['OperationUnderWay', 'ServiceBusy'],
  examples: { answer: { ...DRIFT, status: 'reapplied', operationId: '01jd8m2h4n6p8r0t2v4x6z8b0d' } },
  success: { 202: driftBody },
});

export type ReconcileUses = {
  startReconcile: UseCase<typeof startReconcile, Principal>;
  getReconcile: UseCase<typeof getReconcile, Principal>;
  listDrift: UseCase<typeof listDrift, Principal>;
  acceptDrift: UseCase<typeof acceptDrift, Principal>;
  reapplyDrift: UseCase<typeof reapplyDrift, Principal>;
};

const RETRY_AFTER = { 'Retry-After': '10' };

export const reconcileUses = (
  use: { manage: ManageReconcile; list: ListDrift; decide: DecideDrift },
  publicBaseUrl: string,
): ReconcileUses => {
  const href = (path: string): string => `${publicBaseUrl}/api/${path}?api-version=${DEFAULT_API_VERSION}`;
  return {
    startReconcile: async () => {
      const started = await use.manage.start();
      if (started instanceof AppError) return started;
      return { ...started, headers: { 'Operation-Location': href('operator/reconcile'), ...RETRY_AFTER } };
    },
    getReconcile: () => use.manage.get(),
    listDrift: async ({ query, wantsText }) => {
      const page = await use.list(query);
      if (page instanceof AppError) return page;
      if (!wantsText) return { body: page };
      const headers: Record<string, string> = page.nextLink === undefined ? {} : { Link: `<${page.nextLink}>; rel="next"` };
      return { body: page, text: toDriftCsv(page.value), headers };
    },
    acceptDrift: ({ params: { driftId } }) => use.decide.accept(driftId),
    reapplyDrift: async ({ params: { driftId } }) => {
      const answer = await use.decide.reapply(driftId);
      if (answer instanceof AppError) return answer;
      const { operationId = '', telephoneNumber } = answer.body;
      const path = telephoneNumber === undefined ? `operations/${operationId}` : `number-orders/${operationId}`;
      return { ...answer, headers: { 'Operation-Location': href(path), ...RETRY_AFTER } };
    },
  };
};
