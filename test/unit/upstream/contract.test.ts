/** Every published answer of upstream can be read, and what the service may add or leave out is no error. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  accountResource,
  batchNumbers,
  civicAddressResource,
  numberResource,
  pageOf,
  rfiResource,
  teamsAvailableCapabilities,
  teamsCapabilityPlans,
  toPage,
} from '../../../shared/platform/upstream/contract.ts';

const EXAMPLES = join(process.env['ACG_SPEC_DIR'] ?? '../shared/upstream', 'examples');

const SCHEMAS: Record<string, z.ZodType> = {
  Accounts_Get: accountResource,
  Accounts_CreateOrReplace: accountResource,
  Accounts_List: pageOf(accountResource),
  Accounts_CreateOrUpdateNumbers: batchNumbers,
  Accounts_GetTeamsCapabilityPlans: teamsCapabilityPlans,
  Accounts_GetTeamsAvailableCapabilities: teamsAvailableCapabilities,
  Accounts_ListNumbers: pageOf(numberResource),
  ListNumbers: pageOf(numberResource),
  Accounts_GetNumber: numberResource,
  Accounts_CreateOrReplaceNumber: numberResource,
  Accounts_ListTeamsCivicAddresses: pageOf(civicAddressResource),
  Accounts_GetTeamsCivicAddress: civicAddressResource,
  TeamsRequestsForInformation_List: pageOf(rfiResource),
  TeamsRequestsForInformation_GetRequestForInformation: rfiResource,
  TeamsRequestsForInformation_CreateOrUpdateRequestForInformation: rfiResource,
};

type Example = { operationId: string; responses: Record<string, { body?: unknown }> };
const readExamples = (): { name: string; operationId: string; body: unknown }[] =>
  readdirSync(EXAMPLES).flatMap((file) => {
    const { operationId, responses } = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as Example;
    return Object.entries(responses)
      .filter(([, { body }]) => body !== undefined)
      .map(([status, { body }]) => ({ name: `${file} ${status}`, operationId, body }));
  });

describe('the published examples', () => {
  if (!existsSync(EXAMPLES)) {
    const reason = `NOT RUN: no folder ${EXAMPLES}; set ACG_SPEC_DIR to the folder that holds upstream's examples/`;
    process.stderr.write(`${reason}\n`);
    it.skip(reason, () => undefined);
    return;
  }
  it.each(readExamples())('$name can be read', ({ operationId, body }) => {
    const schema = SCHEMAS[operationId];
    expect(schema?.safeParse(body).error).toBeUndefined();
    expect(schema).toBeDefined();
  });
});

describe('a number', () => {
  const number = { telephoneNumber: '+15105850321', accountName: 'contoso', serviceDetails: {} };

  it.each([[null], [undefined], [[]]])('has no errors when they are %j', (serviceProvisioningErrors) =>
    expect(numberResource.parse({ ...number, serviceProvisioningErrors }).serviceProvisioningErrors).toEqual([]),
  );

  it("keeps the backend's own error texts", () => {
    const error = { code: 'InvalidRequest', message: 'Invalid/missing required configuration attributes: Usage', target: 'oc' };
    expect(numberResource.parse({ ...number, serviceProvisioningErrors: [error] }).serviceProvisioningErrors).toEqual([error]);
  });

  it('may be in a state that nobody published, and carry fields that nobody published', () => {
    const parsed = numberResource.parse({ ...number, serviceProvisioningStatus: 'haunted', shade: 'blue', configuration: null });
    expect(parsed).toMatchObject({ serviceProvisioningStatus: 'haunted', shade: 'blue' });
    expect(parsed.configuration).toBeUndefined();
  });
});

describe('a page', () => {
  it('ends where nextLink is absent or null', () => {
    expect(toPage(numberResource, 200, { value: [], nextLink: null })?.nextLink).toBeUndefined();
    expect(toPage(numberResource, 200, { value: [] })?.nextLink).toBeUndefined();
    expect(toPage(numberResource, 200, { value: [], nextLink: 'https://x/y' })?.nextLink).toBe('https://x/y');
  });

  it('is empty for a 204 and none for what is no page', () => {
    expect(toPage(numberResource, 204, undefined)).toEqual({ value: [] });
    expect(toPage(numberResource, 200, undefined)).toBeUndefined();
    expect(toPage(numberResource, 200, { value: [{ no: 'number' }] })).toBeUndefined();
  });
});
