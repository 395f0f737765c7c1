/** What the emulator remembers: content as last written, its version, and its sync state. Records are replaced, never changed. */
import type { Version } from '../protocol/preconditions.ts';
import type { AccountContent } from './account-schema.ts';
import type { NumberContent } from './number-schema.ts';
import type { RfiContent } from './rfi-schema.ts';
import type { SyncState } from './sync-state.ts';

/** Direct Routing's own state, independent of the sync status; `doneAtMs` is when the DNS part is programmed. */
export type Subdomain = { status: 'provisioned' | 'notProvisioned' | 'inconsistent'; doneAtMs?: number | undefined };

export type AccountRecord = Version & { content: AccountContent; state: SyncState; subdomain?: Subdomain | undefined };
export type NumberRecord = Version & { content: NumberContent; state: SyncState };
export type RfiRecord = Version & { content: RfiContent; state: SyncState };

/** One executed write on a number: what a check compares with what was ordered. */
export type ExecutedWrite = {
  operation: string;
  atMs: number;
  repeatabilityRequestId?: string | undefined;
  content?: NumberContent | undefined;
};
