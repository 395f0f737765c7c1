/** Use case: sends what is due in one subscription's log, round after round, and records every attempt. */
import type { Post } from '../platform/outbound/post-call.ts';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { logPartition } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { Clock } from '../platform/time/clock.ts';
import { isProof, recordRound, type EventRows, type Recorded, type Tried } from './log-deliver.ts';
import { headWrites, planRound, withDue } from './log-plan.ts';
import { readAttempt, readEvents, readHead } from './log-read.ts';
import type { DisableReason, LogHead, Subscription } from './model.ts';
import { runRound } from './round.ts';
import type { DeliverySettings, Random } from './schedule.ts';
import { liveSecrets } from './live-secrets.ts';
import type { SubscriptionStore } from './subscription-store.ts';

/** After this many lost races a round goes unrecorded: its events are sent again, as after a crash. */
const MAX_RECORD_TRIES = 20;
/** A key that cannot open a secret is a matter for the operator; until then one look at a time. */
const SECRET_RETRY_MS = 5 * 60_000;

/** What an operator may want to know; holds no address, secret or payload. */
export type DeliveryReport =
  | { kind: 'round'; subscriptionId: string; attempted: number; delivered: number }
  | { kind: 'disabled'; subscriptionId: string; reason: DisableReason }
  | { kind: 'subscriptionMissing' | 'noLog' | 'secretUnreadable' | 'roundUnrecorded'; subscriptionId: string };

export type DeliverEffects = {
  state: RowStore;
  subscriptions: Pick<SubscriptionStore, 'get'>;
  post: Post;
  open: SecretBox['open'];
  clock: Clock;
  random: Random;
  settings: DeliverySettings;
  report: (report: DeliveryReport) => void;
};

/** Runs until nothing is due now or the deadline of the settings passes; a due row stands for what is left. Rejects only for faults of our own. */
export type Deliver = (subscriptionId: string) => Promise<void>;

type TriedRound = { tried: readonly Tried[]; ordered: boolean };
type Step = 'again' | 'done';

/** Puts the due row where it belongs when there is nothing to send. Somebody may have appended meanwhile: then look again. */
const settle = async ({ state }: DeliverEffects, before: Row<LogHead>, after: LogHead): Promise<Step> => {
  if (before.value.due.deliver === after.due.deliver) return 'done';
  const { outcome } = await state.commit(logPartition(after.subscriptionId), headWrites(before, after));
  return outcome === 'committed' ? 'done' : 'again';
};

/** A commit whose answer was lost shows as a conflict with itself: then the proof is there. */
const isCommitted = async (state: RowStore, subscriptionId: string, recorded: Recorded): Promise<boolean> => {
  const { outcome } = await state.commit(logPartition(subscriptionId), recorded.writes);
  if (outcome === 'committed') return true;
  return recorded.proof !== undefined && isProof(recorded, await readAttempt(state, subscriptionId, recorded.proof.key));
};

/** Records what was tried on top of whatever the log has become meanwhile; undefined when others won each time. */
const record = async (effects: DeliverEffects, head: Row<LogHead>, rows: EventRows, round: TriedRound): Promise<Recorded | undefined> => {
  const { state, clock, random, settings } = effects;
  const { subscriptionId } = head.value;
  const sequences = round.tried.map((one) => one.sequence);
  let [headNow, rowsNow]: [Row<LogHead> | undefined, EventRows] = [head, rows];
  for (let tries = 1; headNow && tries <= MAX_RECORD_TRIES; tries++) {
    const context = { ordered: round.ordered, settings, random, nowMs: clock.now() };
    const recorded = recordRound(headNow, rowsNow, round.tried, context);
    if (await isCommitted(state, subscriptionId, recorded)) return recorded;
    headNow = await readHead(state, subscriptionId);
    rowsNow = await readEvents(state, subscriptionId, sequences);
  }
  return undefined;
};

type Sending = { head: Row<LogHead>; subscription: Subscription; sequences: readonly number[]; endsAtMs: number };

const send = async (effects: DeliverEffects, { head, subscription, sequences, endsAtMs }: Sending): Promise<Step> => {
  const { clock, report } = effects;
  const { id: subscriptionId, ordered } = subscription;
  const secrets = liveSecrets(subscription, clock.now(), effects.open);
  if (secrets.length === 0) {
    report({ kind: 'secretUnreadable', subscriptionId });
    return settle(effects, head, { ...head.value, due: { ...head.value.due, deliver: clock.now() + SECRET_RETRY_MS } });
  }
  const rows = await readEvents(effects.state, subscriptionId, sequences);
  const tried = await runRound({ subscription, sequences, rows, secrets, endsAtMs }, effects);
  const recorded = await record(effects, head, rows, { tried, ordered });
  if (!recorded) {
    report({ kind: 'roundUnrecorded', subscriptionId });
    return 'done';
  }
  report({ kind: 'round', subscriptionId, attempted: tried.length, delivered: recorded.delivered });
  const reason = recorded.head.disabledReason;
  if (reason !== undefined) report({ kind: 'disabled', subscriptionId, reason });
  return 'again';
};

const step = async (effects: DeliverEffects, subscriptionId: string, endsAtMs: number): Promise<Step> => {
  const { state, subscriptions, clock, settings, report } = effects;
  const head = await readHead(state, subscriptionId);
  if (!head) {
    report({ kind: 'noLog', subscriptionId });
    return 'done';
  }
  const subscription = await subscriptions.get(head.value.partnerId, subscriptionId);
  if (!subscription) {
    report({ kind: 'subscriptionMissing', subscriptionId });
    return settle(effects, head, { ...head.value, due: {} });
  }
  const rules = { ordered: subscription.ordered, settings };
  const plan = planRound(head.value, clock.now(), rules);
  if (plan.kind === 'send') return send(effects, { head, subscription, sequences: plan.sequences, endsAtMs });
  return settle(effects, head, withDue(head.value, clock.now(), rules));
};

export const makeDeliver = (effects: DeliverEffects): Deliver => {
  const { clock, settings } = effects;
  return async (subscriptionId) => {
    const endsAtMs = clock.now() + settings.deadlineMs;
    while (clock.now() < endsAtMs) if ((await step(effects, subscriptionId, endsAtMs)) === 'done') return;
  };
};
