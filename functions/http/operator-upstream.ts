/** GET /operator/accounts and /operator/numbers: what the gateway holds, owned here or not. */
import {
  upstreamAccountPage,
  upstreamListQuery,
  upstreamNumberPage,
  upstreamNumberQuery,
  type ListUpstream,
} from '../../shared/customers/list-upstream.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { UPSTREAM_ACCOUNT, UPSTREAM_NUMBER } from './operator-upstream-examples.ts';

const READS = 'Asks the gateway: one request of the shared budget a page. 429 when none comes free within two seconds.';
const errors = ['InvalidContinuationToken', 'TooManyRequests', 'UpstreamRejected', 'UpstreamUnavailable', 'UpstreamTimeout'] as const;

export const listUpstreamAccounts = defineRoute({
  name: 'listUpstreamAccounts',
  method: 'GET',
  path: 'operator/accounts',
  role: 'Operator.Read',
  summary: 'All accounts of the gateway, with whose they are',
  description: READS,
  query: upstreamListQuery,
  examples: { answer: { value: [UPSTREAM_ACCOUNT], count: 1 } },
  success: { 200: upstreamAccountPage },
  errors,
});

export const listUpstreamNumbers = defineRoute({
  name: 'listUpstreamNumbers',
  method: 'GET',
  path: 'operator/numbers',
  role: 'Operator.Read',
  summary: 'All numbers of the gateway, or of one account, with whose they are',
  description: READS,
  query: upstreamNumberQuery,
  examples: { answer: { value: [UPSTREAM_NUMBER], count: 1 } },
  success: { 200: upstreamNumberPage },
  errors: [...errors, 'ResourceNotFound'],
});

export type UpstreamListUses = {
  listUpstreamAccounts: UseCase<typeof listUpstreamAccounts, Principal>;
  listUpstreamNumbers: UseCase<typeof listUpstreamNumbers, Principal>;
};

export const upstreamListUses = (list: ListUpstream): UpstreamListUses => ({
  listUpstreamAccounts: ({ query }) => list.accounts(query),
  listUpstreamNumbers: ({ query }) => list.numbers(query),
});
