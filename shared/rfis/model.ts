/** Pure: a Request for Information as it is stored: one lane for each customer tenant, and what upstream said last. */
import { OPERATOR_ID } from '../platform/identity/operator-id.ts';
import type { Lane } from '../platform/lanes/lane.ts';
import { canonicalJson } from '../platform/values/canonical-json.ts';
import type { RfiResource } from '../platform/upstream/contract.ts';

/** What lanes name as their partner while an RFI is nobody's. */
export const UNASSIGNED = OPERATOR_ID;

export type RfiContact = {
  fullName?: string | undefined;
  email?: string | undefined;
  telephoneNumber?: string | undefined;
  companyName?: string | undefined;
  companySize?: string | undefined;
};

/** What upstream says of one RFI, without what is only its own business. */
export type RfiContent = {
  id?: string | undefined;
  status?: string | undefined;
  consentedOn?: string | undefined;
  lastModifiedOn?: string | undefined;
  /** Sorted; opaque codes of two kinds. */
  consentedCountries: string[];
  contacts: RfiContact[];
  relationship?: { status?: string | undefined; comment?: string | undefined; lastModifiedOn?: string | undefined } | undefined;
  provisioningStatus?: string | undefined;
};

export type StoredRfi = {
  tenantId: string;
  /** Counts the changes of this lane that lists must show; a list never goes back to a lower one. */
  rev: number;
  /** False once upstream calls it removed or lists it no longer. */
  open: boolean;
  /** When the page left that showed `content`. */
  seenAtMs: number;
  content: RfiContent;
  /** Partners that it was taken from: their lists must not show it. */
  formerly: string[];
  /** The partner that the operator gave it to, whatever rules and customers say. */
  pinned?: string;
  /** Since when the contacts of `content` have been kept. */
  contactsSinceMs?: number;
  /** Its contacts were erased, and those of the RFI with this id are not taken in again. */
  erased?: { atMs: number; rfiId?: string };
};

/** What is said to the customer. */
export type Relationship = { status: string; comment?: string };

export type RfiLane = Lane & {
  rfi: StoredRfi;
  /** Decisions so far, and how many of them have ended: they are carried out one by one, in order. */
  decisions?: number;
  decided?: number;
  /** What the decision under way has sent, or may have: a scan that finds it has found nothing new. */
  writing?: Relationship;
};

/** Decisions that have not ended. */
export const openDecisions = ({ decisions = 0, decided = 0 }: Pick<RfiLane, 'decisions' | 'decided'>): number => decisions - decided;

const LANE_PREFIX = 'rfi.';
export const rfiLaneOf = (tenantId: string): string => LANE_PREFIX + tenantId;
export const isRfiLane = (name: string): boolean => name.startsWith(LANE_PREFIX);
/** Whether a lane of any kind is an RFI's. */
export const isRfi = (lane: Lane): lane is RfiLane => isRfiLane(lane.lane);

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The key of an RFI: its tenant id in lower case; undefined when it is no GUID. */
export const tenantKeyOf = (tenantId: string): string | undefined => {
  const key = tenantId.toLowerCase();
  return GUID.test(key) ? key : undefined;
};

export const toContent = (resource: RfiResource): RfiContent => ({
  id: resource.id,
  status: resource.status,
  consentedOn: resource.consentedOn,
  lastModifiedOn: resource.lastModifiedOn,
  consentedCountries: [...(resource.consentedCountries ?? [])].sort(),
  contacts: resource.contacts ?? [],
  relationship: resource.customerRelationship,
  provisioningStatus: resource.serviceProvisioningStatus,
});

/** What counts as a change that partners hear of: not the contacts, which no event may hold, nor the state of the sync. */
export const fingerprint = ({ contacts: _contacts, provisioningStatus: _state, ...told }: RfiContent): string => canonicalJson(told);

/** By value, whatever the order of members. */
export const sameContent = (a: RfiContent, b: RfiContent): boolean => canonicalJson(a) === canonicalJson(b);

/** Whether upstream shows this relationship; no comment and an empty one are the same. */
export const showsRelationship = ({ relationship }: Pick<RfiContent, 'relationship'>, { status, comment = '' }: Relationship): boolean =>
  relationship?.status === status && (relationship.comment ?? '') === comment;

/** Open enum: only this value ends an RFI (azure-rest-api-specs voiceservices 2024-02-29-preview). */
export const isRemoved = ({ status }: RfiContent): boolean => status?.toLowerCase() === 'removed';
