/** What tests of the whole stack do about Requests for Information: customers file them with upstream, and everybody looks at what comes of it. */
import { expect } from 'vitest';
import { until } from './orders-client.ts';
import type { CallerName, TestStack } from './stack.ts';

export const PATCH_RFI = 'TeamsRequestsForInformation_CreateOrUpdateRequestForInformation';
export const tenantOf = (n: number): string => `5a000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export const CONTACT = { fullName: 'Dana Contoso', email: 'dana@contoso.example', companyName: 'Contoso', companySize: 'L1_U1' };

/** A customer's administrator files it, as it were. */
export const fileRfi = async ({ upstreamControl }: TestStack, n: number, more: object = {}): Promise<void> => {
  const rfi = { tenantId: tenantOf(n), consentedCountries: ['UK'], contacts: [CONTACT], ...more };
  expect((await upstreamControl('POST', '/rfis', { rfis: [rfi] })).status).toBe(200);
};

/** Or takes it back. */
export const withdrawRfi = async ({ upstreamControl }: TestStack, n: number): Promise<void> => {
  expect((await upstreamControl('POST', '/rfis', { remove: [tenantOf(n)] })).status).toBe(200);
};

type Scan = { status: string; last?: { outcome: string; finishedAt: string } };

/** The operator fetches now; resolves when the scan has ended. */
export const syncRfis = async (stack: TestStack): Promise<Scan> => {
  const operator = stack.api('operator');
  const look = async (): Promise<Scan> => (await operator('GET', '/rfis/sync')).body as Scan;
  const asked = await operator('POST', '/rfis/sync');
  expect(asked.status).toBe(202);
  expect(asked.headers.get('operation-location')).toContain('/rfis/sync');
  return until('the scan is over', look, ({ status }) => status === 'Succeeded' || status === 'Failed');
};

/** The answer's status and what upstream itself holds of the relationship. */
export const heldRelationship = async (stack: TestStack, n: number): Promise<unknown> => {
  const { body } = await stack.upstream('GET', `/teamsRequestsForInformation/${tenantOf(n)}?api-version=2024-02-29-preview`);
  return (body as { customerRelationship?: unknown }).customerRelationship;
};

export type RfiOperation = {
  id: string;
  status: string;
  kind: string;
  ticket?: string;
  steps: { name: string; status: string; operationId?: string }[];
  error?: { code: string };
};

/** Follows an operation to its end. */
export const endOfOperation = (stack: TestStack, caller: CallerName, id: string): Promise<RfiOperation> =>
  until(
    `operation ${id} has ended`,
    async () => (await stack.api(caller)('GET', `/operations/${id}`)).body as RfiOperation,
    ({ status }) => !['NotStarted', 'Running', undefined].includes(status),
  );

/** Types of the events that a hook heard of one RFI, once for each event id. */
export const heardOfRfi = async (stack: TestStack, hook: string, n: number): Promise<string[]> => {
  const { events } = await stack.hooks.view(hook);
  const of = events.filter(({ event }) => (event as { data: { tenantId?: string } }).data.tenantId === tenantOf(n));
  const types = new Map(of.map(({ webhookId, event }) => [webhookId, (event as { type: string }).type]));
  return [...types.values()];
};
