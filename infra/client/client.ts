/** Typed client of API version 2026-11-01. Made by `npm run openapi`; do not edit. */
import { send, type Answer, type ClientSettings } from './send.ts';

export type ErrorAnswer = {
  error: {
    code: string;
    message: string;
    /** A JSON pointer into the request, or the name of what is meant. */ target?: string;
    details?: {
      code: string;
      message: string;
      /** A JSON pointer into the request, or the name of what is meant. */ target?: string;
      /** The line of a CSV body; target is its heading then. */ row?: number;
    }[];
    detailsTruncated?: true;
  };
};

export type Liveness = { status: 'live' };

export type Readiness = { status: 'ready' };

export type Me = {
  kind: 'partner' | 'operator';
  tenantId?: string;
  clientId?: string;
  apiKeyId?: string;
  roles: ('Partner.Read' | 'Partner.Write' | 'Partner.Release' | 'Partner.Decide' | 'Operator.Read' | 'Operator.Admin')[];
  partner?: {
    id: string;
    name: string;
    state: 'active' | 'suspended';
    numberRanges: { from: string; to: string }[];
    quota: { requestsPerMinute?: number; numbersPerDay?: number };
  };
  limits: { numbersPerOrder: number; rangesPerOrder: number };
  apiVersions: string[];
};

export type PutCustomerRequest = {
  teamsTenantId?: string;
  reference?: string;
  services: {
    teamsOperatorConnect?: { sync?: boolean };
    teamsPhoneMobile?: { sync?: boolean };
    teamsDirectRouting?: { sync?: boolean; subdomain: string; txtTokens: [string, string]; callerIdScreening?: boolean };
    zoomPhoneCloudPeering?: { sync?: boolean };
    azureOperatorCallProtection?: { sync?: boolean };
  };
};

export type Customer = {
  teamsTenantId?: string;
  reference?: string;
  services: Record<
    string,
    {
      enabled: boolean;
      sync?: boolean;
      subdomain?: string;
      txtTokens?: string[];
      callerIdScreening?: boolean;
      numberCount?: number;
      dns?: { status: string; domains?: string[] };
    }
  >;
  id: string;
  accountName: string;
  status: 'Pending' | 'Succeeded' | 'Failed' | 'Deleting';
  errors: { code: string; message: string; target?: string }[];
  createdAt: string;
  updatedAt: string;
  etag: string;
};

export type CustomerPage = {
  value: {
    id: string;
    accountName: string;
    teamsTenantId?: string;
    reference?: string;
    services: (
      'teamsOperatorConnect' | 'teamsPhoneMobile' | 'teamsDirectRouting' | 'zoomPhoneCloudPeering' | 'azureOperatorCallProtection'
    )[];
    createdAt: string;
  }[];
  nextLink?: string;
};

export type Operation = {
  id: string;
  kind:
    | 'customer.put'
    | 'customer.delete'
    | 'customer.adopt'
    | 'customer.service.put'
    | 'customer.service.delete'
    | 'rfi.accept'
    | 'rfi.decline'
    | 'rfi.relationship';
  status: 'NotStarted' | 'Running' | 'Succeeded' | 'PartiallySucceeded' | 'Failed' | 'Canceled';
  customerId?: string;
  tenantId?: string;
  ticket?: string;
  steps?: {
    name: 'setRelationship' | 'createCustomer';
    status: 'NotStarted' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled';
    operationId?: string;
  }[];
  error?: { code: string; message: string; upstream?: { code: string; message: string; target?: string }[] };
  createdAt: string;
  updatedAt: string;
  resourceHref: string;
};

export type PutServiceRequest = { sync?: boolean; subdomain?: string; txtTokens?: string[]; callerIdScreening?: boolean };

export type CivicAddressPage = { value: CivicAddress[]; nextLink?: string };

export type CivicAddress = {
  id: string;
  description?: string;
  companyName?: string;
  address: {
    country?: string;
    houseNumber?: string;
    houseNumberSuffix?: string;
    preDirectional?: string;
    streetName?: string;
    streetSuffix?: string;
    postDirectional?: string;
    city?: string;
    cityAlias?: string;
    county?: string;
    state?: string;
    postalCode?: string;
  };
  validated?: boolean;
  defaultLocationId: string;
  latitude?: string;
  longitude?: string;
  locations: { id: string; description?: string; additionalInfo?: string; isDefault?: boolean; elin?: string }[];
};

export type CapabilityPlanList = { value: CapabilityPlan[] };

export type CapabilityPlan = {
  name: string;
  usage: string;
  offerTypes: string[];
  mandatoryCapabilities: string[];
  choosableCapabilities: string[];
  supportsTollFree?: boolean;
};

export type AvailableCapabilitiesRequest = { numbers: string[] };

export type AvailableCapabilities = { availableCapabilities: string[] };

export type ProfilePage = { value: Profile[]; nextLink?: string };

export type Profile =
  | {
      usage: string;
      capabilities: string[];
      additionalUsages?: string[];
      emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate: boolean };
      displayedCountryCode?: string;
      assignmentStatus?: 'assigned' | 'unassigned';
      service: 'teamsOperatorConnect';
      customSipHeader?: string;
      id: string;
      shared: boolean;
      createdAt: string;
      updatedAt: string;
      etag: string;
    }
  | {
      usage: string;
      capabilities: string[];
      additionalUsages?: string[];
      emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate: boolean };
      displayedCountryCode?: string;
      assignmentStatus?: 'assigned' | 'unassigned';
      service: 'teamsPhoneMobile';
      /** Not for this service. */ customSipHeader?: string;
      id: string;
      shared: boolean;
      createdAt: string;
      updatedAt: string;
      etag: string;
    }
  | {
      service: 'teamsDirectRouting';
      customSipHeader?: string;
      id: string;
      shared: boolean;
      createdAt: string;
      updatedAt: string;
      etag: string;
    }
  | {
      service: 'zoomPhoneCloudPeering';
      customSipHeader?: string;
      id: string;
      shared: boolean;
      createdAt: string;
      updatedAt: string;
      etag: string;
    }
  | {
      service: 'azureOperatorCallProtection';
      /** Not for this service. */ customSipHeader?: string;
      id: string;
      shared: boolean;
      createdAt: string;
      updatedAt: string;
      etag: string;
    };

export type PutProfileRequest =
  | {
      usage: string;
      capabilities: string[];
      additionalUsages?: string[];
      emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate?: boolean };
      displayedCountryCode?: string;
      assignmentStatus?: 'assigned' | 'unassigned';
      service: 'teamsOperatorConnect';
      customSipHeader?: string;
      shared?: boolean;
    }
  | {
      usage: string;
      capabilities: string[];
      additionalUsages?: string[];
      emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate?: boolean };
      displayedCountryCode?: string;
      assignmentStatus?: 'assigned' | 'unassigned';
      service: 'teamsPhoneMobile';
      /** Not for this service. */ customSipHeader?: string;
      shared?: boolean;
    }
  | { service: 'teamsDirectRouting'; customSipHeader?: string; shared?: boolean }
  | { service: 'zoomPhoneCloudPeering'; customSipHeader?: string; shared?: boolean }
  | { service: 'azureOperatorCallProtection'; /** Not for this service. */ customSipHeader?: string; shared?: boolean };

export type NumberPage = { value: Number[]; nextLink?: string };

export type Number = {
  telephoneNumber: string;
  customerId: string;
  status: 'Pending' | 'Succeeded' | 'Failed' | 'Releasing' | 'Unknown';
  errors: { code: string; message: string; target?: string }[];
  services: Record<
    string,
    {
      enabled: boolean;
      assignmentStatus?: string;
      usage?: string;
      capabilities?: string[];
      additionalUsages?: string[];
      acquiredCapabilities?: string[];
      availableCapabilities?: string[];
      emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate?: boolean };
      displayedCountryCode?: string;
    }
  >;
  customSipHeader?: string;
  lastOrderId?: string;
  checkedAt: string;
  etag: string;
};

export type PutNumberRequest = {
  profile?: NumberSettingsInput;
  /** A profile of yours or a shared one, instead of `profile`. */ profileId?: string;
  /** What to do when the customer lacks the service. */ ensureService?: 'check' | 'enable';
  externalReference?: string;
  ticket?: string;
};

export type NumberSettingsInput =
  | {
      usage: string;
      capabilities: string[];
      additionalUsages?: string[];
      emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate?: boolean };
      displayedCountryCode?: string;
      assignmentStatus?: 'assigned' | 'unassigned';
      service: 'teamsOperatorConnect';
      customSipHeader?: string;
    }
  | {
      usage: string;
      capabilities: string[];
      additionalUsages?: string[];
      emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate?: boolean };
      displayedCountryCode?: string;
      assignmentStatus?: 'assigned' | 'unassigned';
      service: 'teamsPhoneMobile';
      /** Not for this service. */ customSipHeader?: string;
    }
  | { service: 'teamsDirectRouting'; customSipHeader?: string }
  | { service: 'zoomPhoneCloudPeering'; customSipHeader?: string }
  | { service: 'azureOperatorCallProtection'; /** Not for this service. */ customSipHeader?: string };

export type NumberOrder = {
  action: 'provision' | 'release';
  externalReference?: string;
  ticket?: string;
  notBefore?: string;
  /** Of numbers that the customer has already. Without it: update. */ onExisting?: 'fail' | 'skip' | 'update';
  ensureService?: 'enable';
  allowPartial?: true;
  retryOf?: string;
  profile?: NumberSettings;
  profileId?: string;
  warnings?: { code: string; message: string; target?: string; /** The line of a CSV body; target is its heading then. */ row?: number }[];
  warningsTruncated?: true;
  id: string;
  status: 'NotStarted' | 'Running' | 'Succeeded' | 'PartiallySucceeded' | 'Failed' | 'Canceled';
  customerId: string;
  counts: {
    total: number;
    pending: number;
    submitted: number;
    succeeded: number;
    failed: number;
    superseded: number;
    skipped: number;
    canceled: number;
  };
  percentComplete: number;
  failures: { code: string; count: number }[];
  retriedBy?: string[];
  waitingFor?: {
    reason: 'notBefore' | 'stopped' | 'upstreamPaused' | 'quarantine' | 'earlierOrders' | 'budget';
    until?: string;
    position?: number;
  };
  estimatedCompletionAt?: string;
  itemsHref: string;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  etag: string;
};

export type NumberSettings =
  | {
      usage: string;
      capabilities: string[];
      additionalUsages?: string[];
      emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate: boolean };
      displayedCountryCode?: string;
      assignmentStatus?: 'assigned' | 'unassigned';
      service: 'teamsOperatorConnect';
      customSipHeader?: string;
    }
  | {
      usage: string;
      capabilities: string[];
      additionalUsages?: string[];
      emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate: boolean };
      displayedCountryCode?: string;
      assignmentStatus?: 'assigned' | 'unassigned';
      service: 'teamsPhoneMobile';
      /** Not for this service. */ customSipHeader?: string;
    }
  | { service: 'teamsDirectRouting'; customSipHeader?: string }
  | { service: 'zoomPhoneCloudPeering'; customSipHeader?: string }
  | { service: 'azureOperatorCallProtection'; /** Not for this service. */ customSipHeader?: string };

export type NumberOrderRequest =
  | {
      action: 'provision';
      customerId: string;
      numbers?: string[];
      ranges?: { from: string; to: string }[];
      externalReference?: string;
      ticket?: string;
      notBefore?: string;
      /** Numbers that are not in order fail one by one; without it they refuse the whole order. */ allowPartial?: boolean;
      /** Numbers with settings or references of their own. */ items?: OrderItemRequest[];
      profile?: NumberSettingsInput;
      /** A profile of yours or a shared one, instead of `profile`. */ profileId?: string;
      /** Of numbers that the customer has already. Without it: update. */ onExisting?: 'fail' | 'skip' | 'update';
      /** What to do when the customer lacks the service. */ ensureService?: 'check' | 'enable';
    }
  | {
      action: 'release';
      customerId: string;
      numbers?: string[];
      ranges?: { from: string; to: string }[];
      externalReference?: string;
      ticket?: string;
      notBefore?: string;
      /** Numbers that are not in order fail one by one; without it they refuse the whole order. */ allowPartial?: boolean;
      items?: ReleaseItemRequest[];
    };

export type OrderItemRequest = {
  telephoneNumber: string;
  /** That of the order, if it is said again. */ customerId?: string;
  settings?: ItemSettingsInput;
  /** A name of your own, given back with the result. */ reference?: string;
};

export type ItemSettingsInput = {
  service?: 'teamsOperatorConnect' | 'teamsPhoneMobile' | 'teamsDirectRouting' | 'zoomPhoneCloudPeering' | 'azureOperatorCallProtection';
  usage?: string;
  capabilities?: string[];
  additionalUsages?: string[];
  emergency?: { civicAddressId?: string; locationId?: string; tenantMayUpdate?: boolean };
  displayedCountryCode?: string;
  assignmentStatus?: 'assigned' | 'unassigned';
  customSipHeader?: string;
};

export type ReleaseItemRequest = {
  telephoneNumber: string;
  /** That of the order, if it is said again. */ customerId?: string;
  /** A name of your own, given back with the result. */ reference?: string;
};

export type NumberOrderValidation = {
  valid: boolean;
  counts: { total: number; valid: number; invalid: number };
  upstreamRequestsNeeded: number;
  estimatedSeconds: number;
  checks: { name: string; ok: boolean; known?: false }[];
  problems: { code: string; message: string; target?: string; /** The line of a CSV body; target is its heading then. */ row?: number }[];
  warnings: { code: string; message: string; target?: string; /** The line of a CSV body; target is its heading then. */ row?: number }[];
  items: { telephoneNumber: string; error: { code: string; message: string }; retryable: boolean; nextStep: string }[];
};

export type NumberOrderPage = { value: NumberOrder[]; nextLink?: string };

export type OrderItemPage = { value: OrderItem[]; nextLink?: string };

export type OrderItem = {
  telephoneNumber: string;
  customerId: string;
  reference?: string;
  status: 'pending' | 'submitted' | 'succeeded' | 'failed' | 'superseded' | 'skipped' | 'canceled';
  error?: { code: string; message: string; upstream?: { code: string; message: string; target?: string }[] };
  retryable?: boolean;
  nextStep?: string;
};

export type RetryRequest = {
  only?: 'retryable' | 'failed';
  /** Order them with this profile instead of the settings that they had. */ profileId?: string;
};

export type OperationPage = { value: Operation[]; nextLink?: string };

export type StopList = { value: Stop[] };

export type Stop = {
  id: string;
  scope: 'all' | 'partner' | 'customer';
  partnerId?: string;
  customerId?: string;
  reason: string;
  since: string;
};

export type PutStopRequest = { reason: string };

export type RearmedLane = { lane: string; due: string[] };

export type CloseOperationRequest = { reason: string };

export type ClosedOperation = { id: string; status: string; inFlight: number };

export type UpstreamAccountPage = {
  value: {
    accountName: string;
    partnerId?: string;
    customerId?: string;
    teamsTenantId?: string;
    reference?: string;
    services: (
      'teamsOperatorConnect' | 'teamsPhoneMobile' | 'teamsDirectRouting' | 'zoomPhoneCloudPeering' | 'azureOperatorCallProtection'
    )[];
    numberCounts: Record<string, number>;
    status?: string;
  }[];
  count?: number;
  nextLink?: string;
};

export type UpstreamNumberPage = {
  value: {
    telephoneNumber: string;
    accountName: string;
    partnerId?: string;
    customerId?: string;
    services: (
      'teamsOperatorConnect' | 'teamsPhoneMobile' | 'teamsDirectRouting' | 'zoomPhoneCloudPeering' | 'azureOperatorCallProtection'
    )[];
    status?: string;
  }[];
  count?: number;
  nextLink?: string;
};

export type AdoptAccountRequest = {
  accountName: string;
  /** Numbers outside the ranges of the partner: `adopt` takes them over and lists them as findings, `refuse` leaves them out. */ outsideRanges?:
    'adopt' | 'refuse';
};

export type Adoption = {
  partnerId: string;
  customerId: string;
  accountName: string;
  status: 'NotStarted' | 'Running' | 'Succeeded' | 'PartiallySucceeded' | 'Failed';
  outsideRanges: 'adopt' | 'refuse';
  numbers: { total?: number; adopted: number; outsideRanges: number; refused: number };
  incomplete?: true;
  error?: { code: 'AccountNotFound' | 'AccountTaken' | 'CustomerExists'; message: string };
  findingsHref: string;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
};

export type AdoptionFindingPage = {
  value: {
    telephoneNumber: string;
    code: 'OutsideRanges' | 'NumberAlreadyAssigned' | 'NumberNotAllocated';
    heldBy?: { partnerId: string; customerId: string };
  }[];
  nextLink?: string;
};

export type Reconciliation = {
  status: 'NotStarted' | 'Running' | 'Succeeded' | 'Failed';
  startedAt?: string;
  pages?: number;
  last?: {
    id: string;
    startedAt: string;
    finishedAt: string;
    outcome: 'complete' | 'upstreamUnavailable';
    counts: { accounts: number; numbers: number; drift: number; unsettled: number };
  };
};

export type DriftPage = { value: Drift[]; nextLink?: string };

export type Drift = {
  id: string;
  /** `…Missing`: the gateway has it no longer; `numberExtra`: the gateway has one in the account that is unknown here. */ kind:
    'accountMissing' | 'accountDifferent' | 'numberMissing' | 'numberExtra' | 'numberDifferent';
  status: 'open' | 'accepted' | 'reapplied';
  partnerId: string;
  customerId: string;
  accountName: string;
  telephoneNumber?: string;
  fields: { field: string; ours?: string; upstream?: string }[];
  operationId?: string;
  firstSeenAt: string;
  lastSeenAt: string;
};

export type SubscriptionList = { value: Subscription[] };

export type Subscription = {
  id: string;
  builtIn: boolean;
  url?: string;
  description?: string;
  eventTypes: string[];
  customerIds: string[];
  detail: 'order' | 'number';
  payloadVersion: string;
  ordered: boolean;
  maxPerSecond?: number;
  maxInFlight?: number;
  headerNames?: string[];
  state: 'active' | 'paused' | 'disabled';
  disabledReason?: 'gone' | 'receiverAsked' | 'failing';
  secrets: { createdAt: string; expiresAt?: string }[];
  stream: string;
  createdAt: string;
  updatedAt?: string;
  etag: string;
  delivery?: SubscriptionDelivery;
};

export type SubscriptionDelivery = {
  firstSequence: number;
  lastSequence: number;
  waiting: number;
  retrying: number;
  oldestUndelivered?: { sequence: number; appendedAt: string };
  nextAttemptAt?: string;
  failingSince?: string;
  replay?: { id: string; only: 'failed' | 'all'; remaining: number; queued: number };
  objectives: { since: string; attempts: number; failures: number; delivered: number; lagMs?: { p50: number; p95: number; p99: number } };
};

export type CreateSubscriptionRequest = {
  url: string;
  description?: string;
  eventTypes?: string[];
  customerIds?: string[];
  /** number: each number of an order is told as it ends, with a lower sequence than the end of the order. Begins within five seconds. */ detail?:
    'order' | 'number';
  payloadVersion?: '2026-11-01';
  ordered?: boolean;
  maxPerSecond?: number;
  maxInFlight?: number;
  headers?: Record<string, string>;
  state?: 'active' | 'paused';
  secret?: string;
};

export type CreatedSubscription = {
  id: string;
  builtIn: boolean;
  url?: string;
  description?: string;
  eventTypes: string[];
  customerIds: string[];
  detail: 'order' | 'number';
  payloadVersion: string;
  ordered: boolean;
  maxPerSecond?: number;
  maxInFlight?: number;
  headerNames?: string[];
  state: 'active' | 'paused' | 'disabled';
  disabledReason?: 'gone' | 'receiverAsked' | 'failing';
  secrets: { createdAt: string; expiresAt?: string }[];
  stream: string;
  createdAt: string;
  updatedAt?: string;
  etag: string;
  delivery?: SubscriptionDelivery;
  /** Told once: the answer to a repeat with the same Idempotency-Key lacks it. */ secret?: string;
  checks?: EndpointCheck[];
};

export type EndpointCheck = {
  name: 'name' | 'address' | 'connection' | 'certificate' | 'answer' | 'redirect' | 'signature' | 'clock' | 'time';
  outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  reason?: string;
  message?: string;
};

export type PatchSubscriptionRequest = {
  url?: string;
  description?: string | null;
  eventTypes?: string[];
  customerIds?: string[];
  detail?: 'order' | 'number';
  payloadVersion?: '2026-11-01';
  ordered?: boolean;
  maxPerSecond?: number | null;
  maxInFlight?: number | null;
  headers?: Record<string, string> | null;
  state?: 'active' | 'paused';
};

export type TestAccepted = { eventId: string; subscriptionId: string };

export type RotateSecretRequest = { secret?: string; overlapHours?: number };

export type Diagnosis = { ok: boolean; checks: EndpointCheck[] };

export type DeliveryAttemptPage = { value: DeliveryAttempt[]; nextLink?: string };

export type DeliveryAttempt = {
  deliveryId: string;
  sequence: number;
  eventId: string;
  type: string;
  attempt: number;
  startedAt: string;
  durationMs: number;
  outcome: 'delivered' | 'failed';
  status?: number;
  failure?: 'timeout' | 'dns' | 'refused' | 'unreachable' | 'blocked' | 'tls' | 'reset' | 'protocol' | 'unknown';
  answer?: string;
  answerTruncated?: boolean;
  why?: string;
  nextTryAt?: string;
  state: 'waiting' | 'retrying' | 'undelivered' | 'aborted' | 'delivered';
};

export type Redelivery = {
  deliveryId: string;
  sequence: number;
  eventId: string;
  state: 'waiting' | 'retrying' | 'undelivered' | 'aborted' | 'delivered';
};

export type ReplayRequest = { only?: 'failed' | 'all'; since?: string; afterSequence?: number; dryRun?: boolean };

export type Replay = {
  dryRun: boolean;
  id?: string;
  only: 'failed' | 'all';
  count: number;
  isAtLeast: boolean;
  afterSequence: number;
  throughSequence: number;
};

export type EventPage = {
  subscriptionId: string;
  stream: string;
  firstSequence: number;
  lastSequence: number;
  value: Event[];
  nextLink?: string;
};

export type Event = {
  id: string;
  type: string;
  timestamp: string;
  apiVersion: string;
  subscriptionId: string;
  stream: string;
  sequence: number;
  data: Record<string, unknown>;
};

export type EventTypeList = { value: EventType[] };

export type EventType = {
  type: string;
  when: string;
  audience: 'partner' | 'operator';
  dataSchema: Record<string, unknown>;
  example: Event;
};

export type RfiPage = { value: Rfi[]; nextLink?: string };

export type Rfi = {
  tenantId: string;
  id?: string;
  customerId?: string;
  status?: string;
  consentedCountries: string[];
  consentedAt?: string;
  updatedAt?: string;
  contacts?: { fullName?: string; email?: string; telephoneNumber?: string; companyName?: string; companySize?: string }[];
  relationship?: { status?: string; comment?: string; updatedAt?: string };
  assignedPartnerId?: string;
  syncStatus?: string;
  etag: string;
};

export type RfiSync = { status: 'NotStarted'; requestedAt: string };

export type RfiScan = {
  status: 'NotStarted' | 'Running' | 'Succeeded' | 'Failed';
  requestedAt?: string;
  startedAt?: string;
  last?: {
    startedAt: string;
    finishedAt: string;
    outcome: string;
    counts: {
      pages: number;
      seen: number;
      received: number;
      assigned?: number;
      updated: number;
      removed: number;
      refreshed: number;
      failed: number;
    };
  };
};

export type AcceptRfiRequest = {
  comment?: string;
  ticket?: string;
  createCustomer?: {
    customerId: string;
    services: ('teamsOperatorConnect' | 'teamsPhoneMobile' | 'zoomPhoneCloudPeering' | 'azureOperatorCallProtection')[];
    reference?: string;
  };
};

export type DeclineRfiRequest = { reason: string; ticket?: string };

export type RfiRelationshipRequest = { status: string; comment?: string; ticket?: string };

export type RfiAssignmentRequest = { partnerId: string | null };

export type AssignmentRuleList = { value: AssignmentRule[] };

export type AssignmentRule = { id: string; partnerId: string; tenantIds?: string[]; countries?: string[] };

export type AssignmentRuleRequest = { partnerId: string; tenantIds?: string[]; countries?: string[] };

export type PartnerPage = { value: Partner[]; nextLink?: string };

export type Partner = {
  id: string;
  name: string;
  state: 'active' | 'suspended';
  clients: { tenantId: string; clientId: string }[];
  quota: { requestsPerMinute?: number; numbersPerDay?: number };
  numberRanges: number;
  createdAt: string;
  updatedAt: string;
  etag: string;
};

export type PutPartnerRequest = {
  name: string;
  state?: 'active' | 'suspended';
  clients?: { tenantId: string; clientId: string }[];
  quota?: { requestsPerMinute?: number; numbersPerDay?: number };
};

export type NumberRanges = { ranges: { from: string; to: string }[]; etag: string };

export type PutNumberRangesRequest = { ranges: { from: string; to: string }[] };

export type CreateApiKeyRequest = {
  name?: string;
  roles: ('Partner.Read' | 'Partner.Write' | 'Partner.Release' | 'Partner.Decide')[];
  expiresInDays?: number;
};

export type CreatedApiKey = {
  id: string;
  name?: string;
  roles: ('Partner.Read' | 'Partner.Write' | 'Partner.Release' | 'Partner.Decide')[];
  state: 'live' | 'expired' | 'revoked';
  createdAt: string;
  expiresAt?: string;
  lastUsedAt?: string;
  /** Told once: the answer to a repeat with the same Idempotency-Key lacks it. */ key?: string;
};

export type ApiKeyList = { value: ApiKey[] };

export type ApiKey = {
  id: string;
  name?: string;
  roles: ('Partner.Read' | 'Partner.Write' | 'Partner.Release' | 'Partner.Decide')[];
  state: 'live' | 'expired' | 'revoked';
  createdAt: string;
  expiresAt?: string;
  lastUsedAt?: string;
};

export type AuditEventPage = { value: AuditEvent[]; nextLink?: string };

export type AuditEvent = {
  id: string;
  occurredAt: string;
  partnerId?: string;
  actor: { kind: 'partner' | 'operator'; tenantId?: string; clientId?: string; apiKeyId?: string };
  action: string;
  method: string;
  resource: string;
  resourceId?: string;
  status: number;
  code?: string;
  requestId: string;
};

export type ServiceStatus = {
  at: string;
  state: 'running' | 'paused' | 'stopped';
  budget: {
    limitPerMinute: number;
    used: number;
    free: number;
    usedBy: { interactive: number; orders: number; polls: number; background: number };
    pausedUntil?: string;
  };
  due: { total: number; byKind: Record<string, number>; oldestAt?: string };
  timers: { timer: string; startedAt: string; finishedAt: string; failed: boolean }[];
  rfiScan: { status: string; requestedAt?: string; lastFinishedAt?: string; lastOutcome?: string };
  reconcile: { status: string; lastFinishedAt?: string; lastOutcome?: string };
  stalledOrders: {
    kind: 'stalledOrder' | 'stalledOperation' | 'failingSubscription' | 'disabledSubscription';
    id: string;
    partnerId: string;
    customerId?: string;
    since: string;
  }[];
  stalledOperations: {
    kind: 'stalledOrder' | 'stalledOperation' | 'failingSubscription' | 'disabledSubscription';
    id: string;
    partnerId: string;
    customerId?: string;
    since: string;
  }[];
  disabledSubscriptions: {
    kind: 'stalledOrder' | 'stalledOperation' | 'failingSubscription' | 'disabledSubscription';
    id: string;
    partnerId: string;
    customerId?: string;
    since: string;
  }[];
  failingSubscriptions: {
    kind: 'stalledOrder' | 'stalledOperation' | 'failingSubscription' | 'disabledSubscription';
    id: string;
    partnerId: string;
    customerId?: string;
    since: string;
  }[];
  moreAttention: boolean;
  deadLetters: { waiting: number; more: boolean };
  stops: { id: string; reason: string; since: string }[];
};

export type DeadLetterPage = { value: DeadLetter[]; nextLink?: string };

export type DeadLetter = {
  messageId: string;
  queue: string;
  reason: string;
  about: { kind: 'lane'; lane: string } | { kind: 'subscription'; subscriptionId: string } | { kind: 'unknown' };
  buriedAt: string;
  replayedAt?: string;
};

export type DailyUsagePage = { value: DailyUsage[]; nextLink?: string };

export type DailyUsage = {
  partnerId: string;
  day: string;
  orders: number;
  numbersConfirmed: number;
  numbersReleased: number;
  numbersFailed: number;
  customersDeleted: number;
  events: number;
  webhooksDelivered: number;
  requests: number;
  incomplete?: true;
};

export type PartnerExportPage = { value: { kind: string; value: Record<string, unknown> }[]; nextLink?: string };

/** One function for each operation of the API. Each throws ApiError for an answer of 400 and above. */
export const createClient = (settings: ClientSettings) => ({
  /** Whether the process answers. Role: anonymous. */
  getLive: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/health/live', input) as Promise<Answer<200, Liveness>>,
  /** Whether everything that this app stands on answers. Role: anonymous. */
  getReady: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/health/ready', input) as Promise<Answer<200, Readiness>>,
  /** This API as an OpenAPI 3.1 document. Role: anonymous. */
  getOpenApi: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/openapi.json', input) as Promise<Answer<200, Record<string, unknown>>>,
  /** This API as a page for people. Role: anonymous. */
  getDocs: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/docs', input) as Promise<Answer<200, undefined>>,
  /** Who you are to this API, and what you may. Role: any. */
  getMe: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) => send(settings, 'GET', '/api/me', input) as Promise<Answer<200, Me>>,
  /** Make a customer what it is to be. Role: Partner.Write. */
  putCustomer: (input: { params: { customerId: string }; body: PutCustomerRequest; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'PUT', '/api/customers/{customerId}', input) as Promise<Answer<200, Customer> | Answer<201, Customer>>,
  /** One customer. Role: Partner.Read. */
  getCustomer: (input: {
    params: { customerId: string };
    query?: { refresh?: 'true' | 'false' | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/customers/{customerId}', input) as Promise<Answer<200, Customer> | Answer<304, undefined>>,
  /** Remove a customer. Role: Partner.Release. */
  deleteCustomer: (input: {
    params: { customerId: string };
    query?: { releaseNumbers?: 'true' | 'false' | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'DELETE', '/api/customers/{customerId}', input) as Promise<Answer<202, Operation> | Answer<204, undefined>>,
  /** Your customers. Role: Partner.Read. */
  listCustomers: (
    input: {
      query?: {
        reference?: string | undefined;
        teamsTenantId?: string | undefined;
        service?:
          | 'teamsOperatorConnect'
          | 'teamsPhoneMobile'
          | 'teamsDirectRouting'
          | 'zoomPhoneCloudPeering'
          | 'azureOperatorCallProtection'
          | undefined;
        maxpagesize?: string | undefined;
        continuationToken?: string | undefined;
      };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/customers', input) as Promise<Answer<200, CustomerPage>>,
  /** Enable or set up one service. Role: Partner.Write. */
  putCustomerService: (input: {
    params: {
      customerId: string;
      service:
        | 'teams-operator-connect'
        | 'teams-phone-mobile'
        | 'teams-direct-routing'
        | 'zoom-phone-cloud-peering'
        | 'azure-operator-call-protection';
    };
    body: PutServiceRequest;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) =>
    send(settings, 'PUT', '/api/customers/{customerId}/services/{service}', input) as Promise<
      Answer<200, Customer> | Answer<201, Customer>
    >,
  /** Disable one service. Role: Partner.Release. */
  deleteCustomerService: (input: {
    params: {
      customerId: string;
      service:
        | 'teams-operator-connect'
        | 'teams-phone-mobile'
        | 'teams-direct-routing'
        | 'zoom-phone-cloud-peering'
        | 'azure-operator-call-protection';
    };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) =>
    send(settings, 'DELETE', '/api/customers/{customerId}/services/{service}', input) as Promise<
      Answer<202, Operation> | Answer<204, undefined>
    >,
  /** Emergency addresses set in the customer's tenant. Role: Partner.Read. */
  listCivicAddresses: (input: {
    params: { customerId: string };
    query?: { refresh?: 'true' | 'false' | undefined; maxpagesize?: string | undefined; continuationToken?: string | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/customers/{customerId}/civic-addresses', input) as Promise<Answer<200, CivicAddressPage>>,
  /** One emergency address with its locations. Role: Partner.Read. */
  getCivicAddress: (input: {
    params: { customerId: string; civicAddressId: string };
    query?: { refresh?: 'true' | 'false' | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/customers/{customerId}/civic-addresses/{civicAddressId}', input) as Promise<Answer<200, CivicAddress>>,
  /** Usages and capabilities that numbers of the customer may have. Role: Partner.Read. */
  listCapabilityPlans: (input: {
    params: { customerId: string };
    query?: { refresh?: 'true' | 'false' | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/customers/{customerId}/capability-plans', input) as Promise<Answer<200, CapabilityPlanList>>,
  /** The capabilities that these numbers of the customer have in common. Role: Partner.Read. */
  getAvailableCapabilities: (input: {
    params: { customerId: string };
    query?: { refresh?: 'true' | 'false' | undefined };
    body: AvailableCapabilitiesRequest;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'POST', '/api/customers/{customerId}/available-capabilities', input) as Promise<Answer<200, AvailableCapabilities>>,
  /** Your profiles and the operator's shared ones. Role: Partner.Read. */
  listProfiles: (
    input: {
      query?: { maxpagesize?: string | undefined; continuationToken?: string | undefined };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/profiles', input) as Promise<Answer<200, ProfilePage>>,
  /** Make a profile what it is to be. Role: Partner.Write. */
  putProfile: (input: { params: { profileId: string }; body: PutProfileRequest; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'PUT', '/api/profiles/{profileId}', input) as Promise<Answer<200, Profile> | Answer<201, Profile>>,
  /** One profile. Role: Partner.Read. */
  getProfile: (input: { params: { profileId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'GET', '/api/profiles/{profileId}', input) as Promise<Answer<200, Profile> | Answer<304, undefined>>,
  /** Remove a profile. Role: Partner.Release. */
  deleteProfile: (input: { params: { profileId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'DELETE', '/api/profiles/{profileId}', input) as Promise<Answer<204, undefined>>,
  /** A customer's numbers. Role: Partner.Read. */
  listCustomerNumbers: (input: {
    params: { customerId: string };
    query?: {
      status?: 'Pending' | 'Succeeded' | 'Failed' | 'Releasing' | 'Unknown' | undefined;
      service?:
        | 'teamsOperatorConnect'
        | 'teamsPhoneMobile'
        | 'teamsDirectRouting'
        | 'zoomPhoneCloudPeering'
        | 'azureOperatorCallProtection'
        | undefined;
      maxpagesize?: string | undefined;
      continuationToken?: string | undefined;
    };
    accept?: 'application/json' | 'text/csv';
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/customers/{customerId}/numbers', input) as Promise<Answer<200, NumberPage>>,
  /** All your numbers, customer by customer. Role: Partner.Read. */
  listNumbers: (
    input: {
      query?: {
        status?: 'Pending' | 'Succeeded' | 'Failed' | 'Releasing' | 'Unknown' | undefined;
        service?:
          | 'teamsOperatorConnect'
          | 'teamsPhoneMobile'
          | 'teamsDirectRouting'
          | 'zoomPhoneCloudPeering'
          | 'azureOperatorCallProtection'
          | undefined;
        maxpagesize?: string | undefined;
        continuationToken?: string | undefined;
        customerId?: string | undefined;
        partnerId?: string | undefined;
      };
      accept?: 'application/json' | 'text/csv';
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/numbers', input) as Promise<Answer<200, NumberPage>>,
  /** One number. Role: Partner.Read. */
  getNumber: (input: {
    params: { telephoneNumber: string };
    query?: { refresh?: 'true' | 'false' | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/numbers/{telephoneNumber}', input) as Promise<Answer<200, Number> | Answer<304, undefined>>,
  /** Release one number. Role: Partner.Release. */
  releaseNumber: (input: { params: { telephoneNumber: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'DELETE', '/api/numbers/{telephoneNumber}', input) as Promise<Answer<202, NumberOrder>>,
  /** Make one number what it is to be. Role: Partner.Write. */
  putNumber: (input: {
    params: { customerId: string; telephoneNumber: string };
    body: PutNumberRequest;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) =>
    send(settings, 'PUT', '/api/customers/{customerId}/numbers/{telephoneNumber}', input) as Promise<
      Answer<200, Number> | Answer<201, Number>
    >,
  /** Order numbers, or release them. Role: Partner.Write. */
  createOrder: (
    input: {
      query?: {
        action?: 'provision' | 'release' | undefined;
        customerId?: string | undefined;
        profileId?: string | undefined;
        onExisting?: 'fail' | 'skip' | 'update' | undefined;
        ensureService?: 'check' | 'enable' | undefined;
        allowPartial?: 'true' | 'false' | undefined;
        externalReference?: string | undefined;
        ticket?: string | undefined;
        notBefore?: string | undefined;
      };
      idempotencyKey?: string;
      ifMatch?: string;
      ifNoneMatch?: string;
    } & ({ body: NumberOrderRequest; csv?: never } | { csv: string; body?: never }),
  ) => send(settings, 'POST', '/api/number-orders', input) as Promise<Answer<202, NumberOrder>>,
  /** Your orders, the newest first. Role: Partner.Read. */
  listOrders: (
    input: {
      query?: {
        status?: 'NotStarted' | 'Running' | 'Succeeded' | 'PartiallySucceeded' | 'Failed' | 'Canceled' | undefined;
        customerId?: string | undefined;
        action?: 'provision' | 'release' | undefined;
        externalReference?: string | undefined;
        createdAfter?: string | undefined;
        createdBefore?: string | undefined;
        maxpagesize?: string | undefined;
        continuationToken?: string | undefined;
        partnerId?: string | undefined;
      };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/number-orders', input) as Promise<Answer<200, NumberOrderPage>>,
  /** What would be wrong with an order. Role: Partner.Write. */
  validateOrder: (
    input: {
      query?: {
        action?: 'provision' | 'release' | undefined;
        customerId?: string | undefined;
        profileId?: string | undefined;
        onExisting?: 'fail' | 'skip' | 'update' | undefined;
        ensureService?: 'check' | 'enable' | undefined;
        allowPartial?: 'true' | 'false' | undefined;
        externalReference?: string | undefined;
        ticket?: string | undefined;
        notBefore?: string | undefined;
      };
      ifMatch?: string;
      ifNoneMatch?: string;
    } & ({ body: NumberOrderRequest; csv?: never } | { csv: string; body?: never }),
  ) => send(settings, 'POST', '/api/number-orders/validate', input) as Promise<Answer<200, NumberOrderValidation>>,
  /** Where an order stands. Role: Partner.Read. */
  getOrder: (input: { params: { orderId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'GET', '/api/number-orders/{orderId}', input) as Promise<Answer<200, NumberOrder> | Answer<304, undefined>>,
  /** What became of each number of an order. Role: Partner.Read. */
  listOrderItems: (input: {
    params: { orderId: string };
    query?: {
      status?: 'pending' | 'submitted' | 'succeeded' | 'failed' | 'superseded' | 'skipped' | 'canceled' | undefined;
      maxpagesize?: string | undefined;
      continuationToken?: string | undefined;
    };
    accept?: 'application/json' | 'text/csv';
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/number-orders/{orderId}/items', input) as Promise<Answer<200, OrderItemPage>>,
  /** Cancel what of an order was not sent. Role: Partner.Write. */
  cancelOrder: (input: { params: { orderId: string }; idempotencyKey?: string; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'POST', '/api/number-orders/{orderId}/cancel', input) as Promise<Answer<200, NumberOrder>>,
  /** Order the failed numbers of an order again. Role: Partner.Write. */
  retryOrder: (input: {
    params: { orderId: string };
    body: RetryRequest;
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'POST', '/api/number-orders/{orderId}/retry', input) as Promise<Answer<202, NumberOrder>>,
  /** Your changes that are no orders, the newest first. Role: Partner.Read. */
  listOperations: (
    input: {
      query?: {
        status?: 'NotStarted' | 'Running' | 'Succeeded' | 'PartiallySucceeded' | 'Failed' | 'Canceled' | undefined;
        maxpagesize?: string | undefined;
        continuationToken?: string | undefined;
        partnerId?: string | undefined;
      };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/operations', input) as Promise<Answer<200, OperationPage>>,
  /** Where a change stands that is no order. Role: Partner.Read. */
  getOperation: (input: { params: { operationId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'GET', '/api/operations/{operationId}', input) as Promise<Answer<200, Operation> | Answer<304, undefined>>,
  /** What is halted. Role: Operator.Read. */
  listStops: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/operator/stops', input) as Promise<Answer<200, StopList>>,
  /** Halt writes to the gateway: all, of a partner, of a customer. Role: Operator.Admin. */
  putStop: (input: { params: { stopId: string }; body: PutStopRequest; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'PUT', '/api/operator/stops/{stopId}', input) as Promise<Answer<200, Stop>>,
  /** Let go on what was halted. Role: Operator.Admin. */
  deleteStop: (input: { params: { stopId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'DELETE', '/api/operator/stops/{stopId}', input) as Promise<Answer<204, undefined>>,
  /** Make what a lane has left to do due at once. Role: Operator.Admin. */
  replayLane: (input: { params: { lane: string }; idempotencyKey?: string; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'POST', '/api/operator/lanes/{lane}/replay', input) as Promise<Answer<200, RearmedLane>>,
  /** End what of an operation no longer moves. Role: Operator.Admin. */
  closeOperation: (input: {
    params: { operationId: string };
    body: CloseOperationRequest;
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'POST', '/api/operator/operations/{operationId}/close', input) as Promise<Answer<200, ClosedOperation>>,
  /** All accounts of the gateway, with whose they are. Role: Operator.Read. */
  listUpstreamAccounts: (
    input: {
      query?: { maxpagesize?: string | undefined; continuationToken?: string | undefined };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/operator/accounts', input) as Promise<Answer<200, UpstreamAccountPage>>,
  /** All numbers of the gateway, or of one account, with whose they are. Role: Operator.Read. */
  listUpstreamNumbers: (
    input: {
      query?: { maxpagesize?: string | undefined; continuationToken?: string | undefined; accountName?: string | undefined };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/operator/numbers', input) as Promise<Answer<200, UpstreamNumberPage>>,
  /** Take an account of the gateway over for a customer, with its numbers. Role: Operator.Admin. */
  adoptAccount: (input: {
    params: { partnerId: string; customerId: string };
    body: AdoptAccountRequest;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) =>
    send(settings, 'PUT', '/api/operator/partners/{partnerId}/customers/{customerId}', input) as Promise<
      Answer<200, Adoption> | Answer<201, Adoption>
    >,
  /** How far the taking over of an account is. Role: Operator.Read. */
  getAdoption: (input: { params: { partnerId: string; customerId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'GET', '/api/operator/partners/{partnerId}/customers/{customerId}', input) as Promise<Answer<200, Adoption>>,
  /** Numbers that were left out, and those outside the ranges of the partner. Role: Operator.Read. */
  listAdoptionFindings: (input: {
    params: { partnerId: string; customerId: string };
    query?: { maxpagesize?: string | undefined; continuationToken?: string | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) =>
    send(settings, 'GET', '/api/operator/partners/{partnerId}/customers/{customerId}/findings', input) as Promise<
      Answer<200, AdoptionFindingPage>
    >,
  /** Compare everything owned with the gateway now. Role: Operator.Admin. */
  startReconcile: (input: { idempotencyKey?: string; ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'POST', '/api/operator/reconcile', input) as Promise<Answer<202, Reconciliation>>,
  /** How comparing with the gateway goes, and how it went last. Role: Operator.Read. */
  getReconcile: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/operator/reconcile', input) as Promise<Answer<200, Reconciliation>>,
  /** What differs from the gateway. Role: Operator.Read. */
  listDrift: (
    input: {
      query?: {
        kind?: 'accountMissing' | 'accountDifferent' | 'numberMissing' | 'numberExtra' | 'numberDifferent' | undefined;
        status?: 'open' | 'accepted' | 'reapplied' | undefined;
        partnerId?: string | undefined;
        customerId?: string | undefined;
        maxpagesize?: string | undefined;
        continuationToken?: string | undefined;
      };
      accept?: 'application/json' | 'text/csv';
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/operator/drift', input) as Promise<Answer<200, DriftPage>>,
  /** Take the gateway's state of it for ours. Role: Operator.Admin. */
  acceptDrift: (input: { params: { driftId: string }; idempotencyKey?: string; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'POST', '/api/operator/drift/{driftId}/accept', input) as Promise<Answer<200, Drift>>,
  /** Put back what is ours, like any other change. Role: Operator.Admin. */
  reapplyDrift: (input: { params: { driftId: string }; idempotencyKey?: string; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'POST', '/api/operator/drift/{driftId}/reapply', input) as Promise<Answer<202, Drift>>,
  /** Your webhook subscriptions, the built-in log among them. Role: Partner.Read. */
  listSubscriptions: (input: { query?: { partnerId?: string | undefined }; ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/webhook-subscriptions', input) as Promise<Answer<200, SubscriptionList>>,
  /** Subscribe to events. Role: Partner.Write. */
  createSubscription: (input: { body: CreateSubscriptionRequest; idempotencyKey?: string; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'POST', '/api/webhook-subscriptions', input) as Promise<Answer<201, CreatedSubscription>>,
  /** One subscription, and how its deliveries go. Role: Partner.Read. */
  getSubscription: (input: {
    params: { subscriptionId: string };
    query?: { partnerId?: string | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) =>
    send(settings, 'GET', '/api/webhook-subscriptions/{subscriptionId}', input) as Promise<
      Answer<200, Subscription> | Answer<304, undefined>
    >,
  /** Change, pause or resume a subscription. Role: Partner.Write. */
  patchSubscription: (input: {
    params: { subscriptionId: string };
    query?: { partnerId?: string | undefined };
    body: PatchSubscriptionRequest;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'PATCH', '/api/webhook-subscriptions/{subscriptionId}', input) as Promise<Answer<200, Subscription>>,
  /** Remove a subscription and its log. Role: Partner.Write. */
  deleteSubscription: (input: { params: { subscriptionId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'DELETE', '/api/webhook-subscriptions/{subscriptionId}', input) as Promise<Answer<204, undefined>>,
  /** Send a test event. Role: Partner.Write. */
  testSubscription: (input: {
    params: { subscriptionId: string };
    query?: { partnerId?: string | undefined };
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'POST', '/api/webhook-subscriptions/{subscriptionId}/test', input) as Promise<Answer<202, TestAccepted>>,
  /** Give a subscription another secret. Role: Partner.Write. */
  rotateSecret: (input: {
    params: { subscriptionId: string };
    body: RotateSecretRequest;
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) =>
    send(settings, 'POST', '/api/webhook-subscriptions/{subscriptionId}/rotate-secret', input) as Promise<Answer<200, CreatedSubscription>>,
  /** Examine the endpoint of a subscription. Role: Partner.Write. */
  examineEndpoint: (input: {
    params: { subscriptionId: string };
    query?: { partnerId?: string | undefined };
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'POST', '/api/webhook-subscriptions/{subscriptionId}/doctor', input) as Promise<Answer<200, Diagnosis>>,
  /** The attempts of a subscription, newest first. Role: Partner.Read. */
  listDeliveries: (input: {
    params: { subscriptionId: string };
    query?: {
      outcome?: 'delivered' | 'failed' | undefined;
      sequence?: string | undefined;
      eventId?: string | undefined;
      type?: string | undefined;
      since?: string | undefined;
      maxpagesize?: string | undefined;
      continuationToken?: string | undefined;
      partnerId?: string | undefined;
    };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/webhook-subscriptions/{subscriptionId}/deliveries', input) as Promise<Answer<200, DeliveryAttemptPage>>,
  /** Send one event once more. Role: Partner.Write. */
  redeliverEvent: (input: {
    params: { subscriptionId: string; deliveryId: string };
    query?: { partnerId?: string | undefined };
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) =>
    send(settings, 'POST', '/api/webhook-subscriptions/{subscriptionId}/deliveries/{deliveryId}/redeliver', input) as Promise<
      Answer<202, Redelivery>
    >,
  /** Send what failed since a time or a sequence once more. Role: Partner.Write. */
  replayEvents: (input: {
    params: { subscriptionId: string };
    query?: { partnerId?: string | undefined };
    body: ReplayRequest;
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) =>
    send(settings, 'POST', '/api/webhook-subscriptions/{subscriptionId}/replay', input) as Promise<
      Answer<200, Replay> | Answer<202, Replay>
    >,
  /** A subscription's events in order, to fetch what a receiver missed. Role: Partner.Read. */
  listSubscriptionEvents: (input: {
    params: { subscriptionId: string };
    query?: { afterSequence?: string | undefined; after?: string | undefined; type?: string | undefined; maxpagesize?: string | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/webhook-subscriptions/{subscriptionId}/events', input) as Promise<Answer<200, EventPage>>,
  /** All your events in order, from your built-in log. Role: Partner.Read. */
  listEvents: (
    input: {
      query?: {
        afterSequence?: string | undefined;
        after?: string | undefined;
        type?: string | undefined;
        maxpagesize?: string | undefined;
      };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/events', input) as Promise<Answer<200, EventPage>>,
  /** The catalogue of events, each with its schema and an example. Role: any. */
  listEventTypes: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/event-types', input) as Promise<Answer<200, EventTypeList>>,
  /** Requests for information that concern you. Role: Partner.Read. */
  listRfis: (
    input: {
      query?: {
        relationship?: string | undefined;
        updatedAfter?: string | undefined;
        maxpagesize?: string | undefined;
        continuationToken?: string | undefined;
      };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/rfis', input) as Promise<Answer<200, RfiPage>>,
  /** Fetch requests for information now. Role: Operator.Admin. */
  syncRfis: (input: { idempotencyKey?: string; ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'POST', '/api/rfis/sync', input) as Promise<Answer<202, RfiSync>>,
  /** How fetching requests for information goes, and how it went last. Role: Operator.Read. */
  getRfiScan: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/rfis/sync', input) as Promise<Answer<200, RfiScan>>,
  /** One request for information. Role: Partner.Read. */
  getRfi: (input: {
    params: { tenantId: string };
    query?: { refresh?: 'true' | 'false' | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/rfis/{tenantId}', input) as Promise<Answer<200, Rfi> | Answer<304, undefined>>,
  /** Erase the contacts of a request for information here. Role: Operator.Admin. */
  deleteRfiContacts: (input: { params: { tenantId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'DELETE', '/api/rfis/{tenantId}/contacts', input) as Promise<Answer<204, undefined>>,
  /** Accept a request for information. Role: Partner.Decide. */
  acceptRfi: (input: {
    params: { tenantId: string };
    body: AcceptRfiRequest;
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'POST', '/api/rfis/{tenantId}/accept', input) as Promise<Answer<202, Operation>>,
  /** Decline a request for information. Role: Partner.Decide. */
  declineRfi: (input: {
    params: { tenantId: string };
    body: DeclineRfiRequest;
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'POST', '/api/rfis/{tenantId}/decline', input) as Promise<Answer<202, Operation>>,
  /** Set any other relationship with the customer. Role: Partner.Decide. */
  putRfiRelationship: (input: { params: { tenantId: string }; body: RfiRelationshipRequest; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'PUT', '/api/rfis/{tenantId}/relationship', input) as Promise<Answer<200, Rfi>>,
  /** Give a request for information to a partner. Role: Operator.Admin. */
  putRfiAssignment: (input: { params: { tenantId: string }; body: RfiAssignmentRequest; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'PUT', '/api/rfis/{tenantId}/assignment', input) as Promise<Answer<200, Rfi>>,
  /** Which requests for information go to which partner. Role: Operator.Read. */
  listAssignmentRules: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/operator/assignment-rules', input) as Promise<Answer<200, AssignmentRuleList>>,
  /** One rule of assignment. Role: Operator.Read. */
  getAssignmentRule: (input: { params: { ruleId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'GET', '/api/operator/assignment-rules/{ruleId}', input) as Promise<Answer<200, AssignmentRule>>,
  /** Send requests for information of tenants or countries to a partner. Role: Operator.Admin. */
  putAssignmentRule: (input: { params: { ruleId: string }; body: AssignmentRuleRequest; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'PUT', '/api/operator/assignment-rules/{ruleId}', input) as Promise<
      Answer<200, AssignmentRule> | Answer<201, AssignmentRule>
    >,
  /** Remove a rule of assignment. Role: Operator.Admin. */
  deleteAssignmentRule: (input: { params: { ruleId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'DELETE', '/api/operator/assignment-rules/{ruleId}', input) as Promise<Answer<204, undefined>>,
  /** All partners, by id. Role: Operator.Read. */
  listPartners: (
    input: {
      query?: { maxpagesize?: string | undefined; continuationToken?: string | undefined };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/operator/partners', input) as Promise<Answer<200, PartnerPage>>,
  /** Make a partner what it is to be. Role: Operator.Admin. */
  putPartner: (input: { params: { partnerId: string }; body: PutPartnerRequest; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'PUT', '/api/operator/partners/{partnerId}', input) as Promise<Answer<200, Partner> | Answer<201, Partner>>,
  /** One partner. Role: Operator.Read. */
  getPartner: (input: { params: { partnerId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'GET', '/api/operator/partners/{partnerId}', input) as Promise<Answer<200, Partner> | Answer<304, undefined>>,
  /** Remove a partner that has no customers. Role: Operator.Admin. */
  deletePartner: (input: { params: { partnerId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'DELETE', '/api/operator/partners/{partnerId}', input) as Promise<Answer<204, undefined>>,
  /** Which numbers a partner may order. Role: Operator.Read. */
  getNumberRanges: (input: { params: { partnerId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'GET', '/api/operator/partners/{partnerId}/number-ranges', input) as Promise<
      Answer<200, NumberRanges> | Answer<304, undefined>
    >,
  /** Say which numbers a partner may order. Role: Operator.Admin. */
  putNumberRanges: (input: { params: { partnerId: string }; body: PutNumberRangesRequest; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'PUT', '/api/operator/partners/{partnerId}/number-ranges', input) as Promise<Answer<200, NumberRanges>>,
  /** Give a partner an API key. Role: Operator.Admin. */
  createApiKey: (input: {
    params: { partnerId: string };
    body: CreateApiKeyRequest;
    idempotencyKey?: string;
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'POST', '/api/operator/partners/{partnerId}/api-keys', input) as Promise<Answer<201, CreatedApiKey>>,
  /** A partner's API keys, without the keys themselves. Role: Operator.Read. */
  listApiKeys: (input: { params: { partnerId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'GET', '/api/operator/partners/{partnerId}/api-keys', input) as Promise<Answer<200, ApiKeyList>>,
  /** Take an API key back, at once and for good. Role: Operator.Admin. */
  revokeApiKey: (input: { params: { partnerId: string; keyId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'DELETE', '/api/operator/partners/{partnerId}/api-keys/{keyId}', input) as Promise<Answer<204, undefined>>,
  /** Who changed what, the newest first. Role: Partner.Read. */
  listAuditEvents: (
    input: {
      query?: {
        action?: string | undefined;
        resource?: string | undefined;
        actor?: string | undefined;
        occurredAfter?: string | undefined;
        occurredBefore?: string | undefined;
        maxpagesize?: string | undefined;
        continuationToken?: string | undefined;
        partnerId?: string | undefined;
      };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/audit-events', input) as Promise<Answer<200, AuditEventPage>>,
  /** The operator console. Role: anonymous. */
  getConsole: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/operator/console', input) as Promise<Answer<200, undefined>>,
  /** What the operator console shows. Role: Operator.Read. */
  getConsolePanels: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/operator/console/panels', input) as Promise<Answer<200, undefined>>,
  /** How the service stands. Role: Operator.Read. */
  getStatus: (input: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    send(settings, 'GET', '/api/operator/status', input) as Promise<Answer<200, ServiceStatus>>,
  /** Wakes that the bus has buried, by message id. Role: Operator.Read. */
  listDeadLetters: (
    input: {
      query?: { maxpagesize?: string | undefined; continuationToken?: string | undefined };
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/operator/dead-letters', input) as Promise<Answer<200, DeadLetterPage>>,
  /** One buried wake. Role: Operator.Read. */
  getDeadLetter: (input: { params: { messageId: string }; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'GET', '/api/operator/dead-letters/{messageId}', input) as Promise<Answer<200, DeadLetter>>,
  /** Make due at once what a buried wake was about. Role: Operator.Admin. */
  replayDeadLetter: (input: { params: { messageId: string }; idempotencyKey?: string; ifMatch?: string; ifNoneMatch?: string }) =>
    send(settings, 'POST', '/api/operator/dead-letters/{messageId}/replay', input) as Promise<Answer<202, DeadLetter>>,
  /** What partners used, by partner and day (UTC). Role: Operator.Read. */
  getUsage: (
    input: {
      query?: {
        from?: string | undefined;
        to?: string | undefined;
        maxpagesize?: string | undefined;
        continuationToken?: string | undefined;
        partnerId?: string | undefined;
      };
      accept?: 'application/json' | 'text/csv';
      ifMatch?: string;
      ifNoneMatch?: string;
    } = {},
  ) => send(settings, 'GET', '/api/operator/usage', input) as Promise<Answer<200, DailyUsagePage>>,
  /** Everything of a partner, page by page. Role: Operator.Admin. */
  exportPartner: (input: {
    params: { partnerId: string };
    query?: { continuationToken?: string | undefined; maxpagesize?: string | undefined };
    ifMatch?: string;
    ifNoneMatch?: string;
  }) => send(settings, 'GET', '/api/operator/partners/{partnerId}/export', input) as Promise<Answer<200, PartnerExportPage>>,
});

export type Client = ReturnType<typeof createClient>;
