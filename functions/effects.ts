/** What the app needs of the world, as types: `real-effects.ts` builds the real ones, tests bring their own. */
import type { Wakes } from '../shared/platform/bus/wake.ts';
import type { VerifyToken } from '../shared/platform/identity/verify-token.ts';
import type { NewId } from '../shared/platform/ids/new-id.ts';
import type { KeyWrapper } from '../shared/platform/secrets/key-wrapper.ts';
import type { InspectEndpoint } from '../shared/platform/outbound/inspect-call.ts';
import type { Post } from '../shared/platform/outbound/post-call.ts';
import type { RowStore } from '../shared/platform/tables/row-store.ts';
import type { Log } from '../shared/platform/telemetry/log.ts';
import type { Telemetry } from '../shared/platform/telemetry/telemetry.ts';
import type { ReadinessChecks } from '../shared/platform/telemetry/readiness.ts';
import type { Clock } from '../shared/platform/time/clock.ts';
import type { CallUpstream } from '../shared/platform/upstream/call.ts';

/** The tables of this app, made at their first use. */
export const TABLES = [
  'State',
  'Partners',
  'Principals',
  'Keys',
  'Lists',
  'Subscriptions',
  'Budget',
  'Leases',
  'NumberIndex',
  'Cache',
  'Audit',
  'Usage',
] as const;
export type TableName = (typeof TABLES)[number];

/** Everything that touches the world, so that a test can put its own in place. */
export type Effects = {
  clock: Clock;
  newId: NewId;
  newUuid: () => string;
  /** Runs something after a while, for which nobody waits and no process stays; without it at once. */
  later?: (ms: number, run: () => void) => void;
  random: () => number;
  randomBytes: (count: number) => Uint8Array;
  log: Log;
  /** Without it nobody watches. */
  telemetry?: Telemetry;
  table: (name: TableName) => RowStore;
  verifyToken: VerifyToken;
  checks: ReadinessChecks;
  wakes: Omit<Wakes, 'close'>;
  call: CallUpstream;
  post: Post;
  /** Looks at webhook endpoints; without it they are stored unseen. */
  inspectEndpoint?: InspectEndpoint | undefined;
  /** Wraps the data keys of webhook secrets; without it the key of a setting encrypts them. */
  keyWrapper?: KeyWrapper | undefined;
};
