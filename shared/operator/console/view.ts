/** What the console shows, as far as it needs to know of it. */
import type { StatusBody } from '../status.ts';

export type ShownOrder = {
  id: string;
  partnerId: string;
  customerId: string;
  status: string;
  action: string;
  percentComplete: number;
  counts: { total: number; succeeded: number; failed: number };
  waitingFor?: { reason: string } | undefined;
  createdAt: string;
};

export type ShownRfi = {
  tenantId: string;
  relationship?: { status?: string | undefined } | undefined;
  consentedCountries: readonly string[];
  assignedPartnerId?: string | undefined;
  customerId?: string | undefined;
  updatedAt?: string | undefined;
};

export type ShownSubscription = {
  id: string;
  partnerId: string;
  url?: string | undefined;
  state: string;
  failingSince?: string | undefined;
  waiting: number;
  retrying: number;
};

export type ShownDeadLetter = { messageId: string; queue: string; about: string; reason: string; buriedAt: string };

export type ShownDrift = {
  id: string;
  kind: string;
  partnerId: string;
  customerId: string;
  telephoneNumber?: string | undefined;
  fields: readonly { field: string; ours?: string | undefined; upstream?: string | undefined }[];
  lastSeenAt: string;
};

/** What a reader may do about it follows from the role. */
export type ConsoleView = {
  status: StatusBody;
  mayChange: boolean;
  orders: readonly ShownOrder[];
  rfis: readonly ShownRfi[];
  subscriptions: readonly ShownSubscription[];
  deadLetters: readonly ShownDeadLetter[];
  drift: readonly ShownDrift[];
};
