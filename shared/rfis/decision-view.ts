/** Use case: where a decision stands, for whoever follows its Operation-Location. */
import { AppError } from '../platform/errors/app-error.ts';
import { DEFAULT_API_VERSION } from '../platform/http/api-version.ts';
import { etagOf } from '../platform/http/etag.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import type { Decision, DecisionStep } from './decision-model.ts';
import { findDecision } from './decision-store.ts';
import type { RfiReader } from './view.ts';

const RETRY_AFTER_S = 5;

export type DecisionBody = {
  id: string;
  kind: Decision['kind'];
  status: Decision['state'];
  tenantId: string;
  customerId?: string;
  ticket?: string;
  steps: (DecisionStep & { operationId?: string })[];
  error?: { code: string; message: string; upstream?: { code: string; message: string; target?: string }[] };
  createdAt: string;
  updatedAt: string;
  resourceHref: string;
};

const MESSAGES: Readonly<Record<string, string>> = {
  RfiClosed: 'The request for information is gone: the customer took the consent back.',
  UpstreamConflict: 'Somebody else keeps changing the request for information in the gateway.',
  UpstreamRejected: 'The gateway refused the change.',
  UpstreamSyncFailed: 'The voice service refused the change.',
  AccountExists: 'The customer exists already.',
};

const href = (publicBaseUrl: string, path: string): string => `${publicBaseUrl}/api/${path}?api-version=${DEFAULT_API_VERSION}`;

export const toDecisionBody = (decision: Decision, publicBaseUrl: string): DecisionBody => {
  const { id, kind, state, tenantId, ticket, customer, customerOperationId, steps, error, createdAt, updatedAt } = decision;
  const shown = steps.map((step) =>
    step.name === 'createCustomer' && customerOperationId !== undefined ? { ...step, operationId: customerOperationId } : step,
  );
  return {
    id,
    kind,
    status: state,
    tenantId,
    ...(customer === undefined ? {} : { customerId: customer.customerId }),
    ...(ticket === undefined ? {} : { ticket }),
    steps: shown,
    ...(error === undefined ? {} : { error: { message: MESSAGES[error.code] ?? 'The change failed.', ...error } }),
    createdAt,
    updatedAt,
    resourceHref: href(publicBaseUrl, `rfis/${tenantId}`),
  };
};

export type DecisionAnswer = { body: DecisionBody; etag: string; headers: Record<string, string> };

/** With `Operation-Location`, and `Retry-After` while it is not over. */
export const toDecisionAnswer = (decision: Decision, publicBaseUrl: string): DecisionAnswer => {
  const body = toDecisionBody(decision, publicBaseUrl);
  const isOver = decision.finishedAt !== undefined;
  const headers = {
    'Operation-Location': href(publicBaseUrl, `operations/${decision.id}`),
    ...(isOver ? {} : { 'Retry-After': String(RETRY_AFTER_S) }),
  };
  return { body, etag: etagOf(body), headers };
};

/** Error: ResourceNotFound, also for what is another partner's or of another kind. */
export type GetDecision = (reader: RfiReader, operationId: string) => Promise<DecisionAnswer | AppError>;

export const makeGetDecision =
  ({ state, publicBaseUrl }: { state: RowStore; publicBaseUrl: string }): GetDecision =>
  async (reader, operationId) => {
    const decision = await findDecision(state, operationId);
    if (!decision || (reader.partner !== undefined && reader.partner !== decision.partner))
      return new AppError('ResourceNotFound', { target: 'operation' });
    return toDecisionAnswer(decision, publicBaseUrl);
  };
