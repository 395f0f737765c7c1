/** Pure: the answer to a Request for Information as it is stored. */
import type { RepeatabilityPair } from '../platform/upstream/call.ts';
import type { Relationship } from './model.ts';

export type DecisionKind = 'rfi.accept' | 'rfi.decline' | 'rfi.relationship';
/** How partners hear of it. */
export type DecisionEvent = 'rfi.accepted' | 'rfi.declined' | 'rfi.updated';

export type StepName = 'setRelationship' | 'createCustomer';
export type StepStatus = 'NotStarted' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
export type DecisionStep = { name: StepName; status: StepStatus };

export type DecisionError = { code: string; upstream?: { code: string; message: string; target?: string }[] };

/** The customer to create, for the partner that it will belong to; `request` is its feature's own. */
export type WantedCustomer = { partner: string; customerId: string; request: Record<string, unknown>; requestHash: string };

/** One PATCH: frozen before it leaves. `sent`: it may be under way; `submitted`: upstream has it and synchronises it. */
export type RelationshipWrite = {
  pair: RepeatabilityPair;
  body: string;
  contentType: string;
  ifMatch?: string;
  claimedAtMs: number;
  phase: 'sent' | 'submitted';
};

/** Row `dec|<lane>|<n>`. */
export type Decision = {
  v: 1;
  id: string;
  n: number;
  lane: string;
  tenantId: string;
  /** Whose decision it is; `operator` for the operator's own. */
  partner: string;
  kind: DecisionKind;
  event: DecisionEvent;
  relationship: Relationship;
  ticket?: string;
  customer?: WantedCustomer;
  requestHash: string;
  state: 'NotStarted' | 'Running' | 'Succeeded' | 'PartiallySucceeded' | 'Failed';
  steps: DecisionStep[];
  error?: DecisionError;
  write?: RelationshipWrite;
  /** Its first write may have been executed: from then on a failed synchronisation counts as this decision's. */
  written?: true;
  contentType?: string;
  /** Answers after which it was looked at and sent again. */
  setbacks: number;
  /** Looks at what upstream or the customer's creation has come to, in a row. */
  looks: number;
  /** The operation that creates the customer. */
  customerOperationId?: string;
  createdAt: string;
  startedAt?: string;
  /** When it was told that it has waited for a day. */
  stalledAt?: string;
  updatedAt: string;
  finishedAt?: string;
};
