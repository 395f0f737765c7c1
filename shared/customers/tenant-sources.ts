/** How each part of a customer's tenant data is read from upstream: which requests, and what of their answers is kept. */
import { createHash } from 'node:crypto';
import {
  civicAddressResource,
  teamsAvailableCapabilities,
  teamsCapabilityPlans,
  toPage,
  type CivicAddressResource,
} from '../platform/upstream/contract.ts';
import {
  civicAddressesPath,
  civicAddressPath,
  teamsAvailableCapabilitiesPath,
  teamsCapabilityPlansPath,
} from '../platform/upstream/paths.ts';
import type { UpstreamRequest } from '../platform/upstream/call.ts';
import type { Unanswered } from '../platform/upstream/unanswered.ts';
import type { AskNow } from './ports.ts';
import { toCapabilityPlan, toCivicAddress, type CapabilityPlan, type CivicAddress } from './tenant-data.ts';

/** `absent`: upstream knows no such account, address or number. */
export type SourceAnswer<T> = { kind: 'read'; value: T } | { kind: 'absent' } | Unanswered;

/** One part of an account's data: the name under which it is kept, and how it is asked for in a partner's name. */
export type Source<T> = { key: string; read: (askNow: AskNow, accountName: string, partner: string) => Promise<SourceAnswer<T>> };

/** As many pages of 200 or 500 addresses as anybody has; a list that goes on for ever must not. */
const MAX_PAGES = 50;

const readOne = async <T>(
  askNow: AskNow,
  request: UpstreamRequest,
  partner: string,
  parse: (status: number, body: unknown) => T | undefined,
): Promise<SourceAnswer<T>> => {
  const asked = await askNow(request, partner);
  if (asked.kind !== 'answer') return asked;
  if (asked.answer.status === 404) return { kind: 'absent' };
  const value = parse(asked.answer.status, asked.answer.body);
  return value === undefined ? { kind: 'rejected' } : { kind: 'read', value };
};

const readAddresses: Source<CivicAddress[]>['read'] = async (askNow, accountName, partner) => {
  const found = new Map<string, CivicAddress>();
  let path: string | undefined = civicAddressesPath(accountName);
  for (let pages = 0; path !== undefined; pages++) {
    if (pages === MAX_PAGES) return { kind: 'rejected' };
    const page: SourceAnswer<{ value: CivicAddressResource[]; nextLink?: string | undefined }> = await readOne(
      askNow,
      { method: 'GET', path },
      partner,
      (status, body) => toPage(civicAddressResource, status, body),
    );
    if (page.kind !== 'read') return page;
    for (const resource of page.value.value) found.set(resource.id, toCivicAddress(resource));
    path = page.value.nextLink;
  }
  const value = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { kind: 'read', value };
};

export const ADDRESSES: Source<CivicAddress[]> = { key: 'civic-addresses', read: readAddresses };

export const oneAddress = (civicAddressId: string): Source<CivicAddress> => ({
  key: `civic-address|${civicAddressId}`,
  read: (askNow, accountName, partner) =>
    readOne(askNow, { method: 'GET', path: civicAddressPath(accountName, civicAddressId) }, partner, (_, body) => {
      const parsed = civicAddressResource.safeParse(body);
      return parsed.success ? toCivicAddress(parsed.data) : undefined;
    }),
});

export const PLANS: Source<CapabilityPlan[]> = {
  key: 'capability-plans',
  read: (askNow, accountName, partner) =>
    readOne(askNow, { method: 'POST', path: teamsCapabilityPlansPath(accountName) }, partner, (_, body) => {
      const parsed = teamsCapabilityPlans.safeParse(body);
      return parsed.success ? parsed.data.capabilityPlans.map(toCapabilityPlan) : undefined;
    }),
};

/** What all of these numbers have in common. */
export const capabilitiesOf = (numbers: readonly string[]): Source<string[]> => {
  const asked = [...new Set(numbers)].sort();
  const body = JSON.stringify({ numbers: asked.map((telephoneNumber) => ({ telephoneNumber })) });
  return {
    key: `capabilities|${createHash('sha256').update(body).digest('base64url')}`,
    read: (askNow, accountName, partner) => {
      const request = { method: 'POST' as const, path: teamsAvailableCapabilitiesPath(accountName), body, contentType: 'application/json' };
      return readOne(askNow, request, partner, (_, answer) => {
        const parsed = teamsAvailableCapabilities.safeParse(answer);
        return parsed.success ? parsed.data.availableCapabilities : undefined;
      });
    },
  };
};
