/** Use case: does what is due in one subscription's log, above all sending, and records every attempt. */
import type { Post } from '../platform/outbound/post-call.ts';
import type { OpenSecret } from '../platform/secrets/secret-box.ts';
import { logPartition } from '../platform/tables/keys.ts';
import type { Row, RowStore } from '../platform/tables/row-store.ts';
import type { Clock } from '../platform/time/clock.ts';
import type { AppendEvents } from './append.ts';
import { isBuiltIn } from './built-in.ts';
import { expireSome, mayReplay, publishNotices, removeSome, replaySome } from './chores.ts';
import type { DeliveryReport } from './deliver-report.ts';
import { liveSecrets, openHeaders } from './live-secrets.ts';
import { headWrites, planRound, withDue, type RoundRules } from './log-plan.ts';
import { readHead } from './log-read.ts';
import type { LogHead, Subscription } from './model.ts';
import type { DeliverySettings, Random } from './schedule.ts';
import { sendEvents } from './send-events.ts';
import type { SubscriptionStore } from './subscription-store.ts';

/** A key that cannot open a secret is a matter for the operator; until then one look at a time. */
const SECRET_RETRY_MS = 5 * 60_000;
/** More steps of chores than any run needs; what is left has its due row. */
const MAX_STEPS = 10_000;

export type DeliverEffects = {
  state: RowStore;
  subscriptions: Pick<SubscriptionStore, 'get' | 'remove'>;
  post: Post;
  open: OpenSecret;
  clock: Clock;
  random: Random;
  settings: DeliverySettings;
  /** Puts an event about a subscription into its partner's logs. */
  publish: AppendEvents;
  report: (report: DeliveryReport) => void;
};

/** Runs until nothing is due now or the deadline of the settings passes; a due row stands for what is left. Rejects only for faults of our own. */
export type Deliver = (subscriptionId: string) => Promise<void>;

type Step = 'again' | 'done';

/** Puts the due row where it belongs when there is nothing to send. Somebody may have appended meanwhile: then look again. */
const settle = async ({ state }: DeliverEffects, before: Row<LogHead>, after: LogHead): Promise<Step> => {
  if (before.value.due.deliver === after.due.deliver && before.value.state === after.state) return 'done';
  const { outcome } = await state.commit(logPartition(after.subscriptionId), headWrites(before, after));
  return outcome === 'committed' && after.state !== 'deleted' ? 'done' : 'again';
};

const send = async (
  effects: DeliverEffects,
  head: Row<LogHead>,
  subscription: Subscription & { url: string },
  endsAtMs: number,
): Promise<Step> => {
  const { clock, report, open } = effects;
  const [secrets, headers] = await Promise.all([liveSecrets(subscription, clock.now(), open), openHeaders(subscription, open)]);
  if (secrets.length === 0 || headers === undefined) {
    report({ kind: 'secretUnreadable', subscriptionId: subscription.id });
    return settle(effects, head, { ...head.value, due: { ...head.value.due, deliver: clock.now() + SECRET_RETRY_MS } });
  }
  await sendEvents(effects, { head, subscription, secrets, headers, endsAtMs });
  return 'again';
};

const hasUrl = (subscription: Subscription): subscription is Subscription & { url: string } => subscription.url !== undefined;

/** What comes before any sending; true when something was done. */
const doChore = async (effects: DeliverEffects, head: Row<LogHead>, rules: RoundRules): Promise<boolean> => {
  const { notices, state, due, subscriptionId } = head.value;
  const nowMs = effects.clock.now();
  if (state === 'deleted') await removeSome(effects, head, rules, nowMs);
  else if (notices.length > 0) await publishNotices(effects, head, rules, nowMs);
  else if (due.expire !== undefined && due.expire <= nowMs) await expireSome(isBuiltIn(subscriptionId))(effects, head, rules, nowMs);
  else if (mayReplay(head.value, rules)) await replaySome(effects, head, rules, nowMs);
  else return false;
  return true;
};

const step = async (effects: DeliverEffects, subscriptionId: string, endsAtMs: number, steps: number): Promise<Step> => {
  const { state, subscriptions, clock, settings, report } = effects;
  const head = await readHead(state, subscriptionId);
  if (!head) {
    if (steps === 0) report({ kind: 'noLog', subscriptionId });
    return 'done';
  }
  const subscription = isBuiltIn(subscriptionId) ? undefined : await subscriptions.get(head.value.partnerId, subscriptionId);
  const rules = { ordered: subscription?.ordered ?? false, settings };
  if (await doChore(effects, head, rules)) return 'again';
  if (isBuiltIn(subscriptionId)) return settle(effects, head, { ...head.value, due: keptDue(head.value) });
  if (!subscription) {
    report({ kind: 'subscriptionMissing', subscriptionId });
    return settle(effects, head, { ...head.value, state: 'deleted', due: { ...head.value.due, deliver: clock.now() } });
  }
  const plan = planRound(head.value, clock.now(), rules);
  if (plan.kind === 'send' && hasUrl(subscription)) return send(effects, head, subscription, endsAtMs);
  return settle(effects, head, withDue(head.value, clock.now(), rules));
};

const keptDue = ({ due: { expire } }: LogHead): LogHead['due'] => (expire === undefined ? {} : { expire });

export const makeDeliver = (effects: DeliverEffects): Deliver => {
  const { clock, settings } = effects;
  return async (subscriptionId) => {
    const endsAtMs = clock.now() + settings.deadlineMs;
    for (let steps = 0; steps < MAX_STEPS && clock.now() < endsAtMs; steps++)
      if ((await step(effects, subscriptionId, endsAtMs, steps)) === 'done') return;
  };
};
