/** Pure: what a run of deliveries tells whoever watches it; holds no address, secret or payload. */
import type { DisableReason } from './model.ts';

export type DeliveryReport =
  /**
   * `pending`: events of the log that are not delivered when the round ends; `waitMs`: the longest way of one from append to its 2xx;
   * `oldestMs`: the age of the oldest one that was tried in vain.
   */
  | { kind: 'round'; subscriptionId: string; attempted: number; delivered: number; pending: number; waitMs?: number; oldestMs?: number }
  | { kind: 'disabled'; subscriptionId: string; reason: DisableReason }
  | { kind: 'expired' | 'replayed' | 'removed'; subscriptionId: string; count: number }
  | { kind: 'subscriptionMissing' | 'noLog' | 'secretUnreadable' | 'roundUnrecorded' | 'failing'; subscriptionId: string };
