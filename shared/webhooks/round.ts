/** Sends the events of one round: signed, a few at a time or one after the other, until the endpoint shows that it costs too much. */
import type { Post } from '../platform/outbound/post-call.ts';
import type { Clock } from '../platform/time/clock.ts';
import type { EventRows, Tried } from './log-deliver.ts';
import type { LogEvent, Subscription } from './model.ts';
import type { DeliverySettings } from './schedule.ts';
import { signatureHeaders } from './sign.ts';
import { judge } from './verdict.ts';

export type Round = {
  subscription: Pick<Subscription, 'url' | 'ordered'>;
  sequences: readonly number[];
  rows: EventRows;
  secrets: readonly Uint8Array[];
  endsAtMs: number;
};

export type RoundEffects = { post: Post; clock: Clock; settings: Pick<DeliverySettings, 'parallel'> };

/**
 * What was tried, from the beginning of `sequences` without holes, in no particular order. Nothing new starts after a verdict
 * that ends the round, after any failure when ordered, or past `endsAtMs`; what is in flight then is waited for.
 */
export const runRound = async (round: Round, effects: RoundEffects): Promise<Tried[]> => {
  const { subscription, rows, secrets, endsAtMs } = round;
  const { post, clock, settings } = effects;
  const waiting = [...round.sequences];
  const tried: Tried[] = [];
  let stopped = false;

  const attempt = async (event: LogEvent): Promise<Tried> => {
    const startedAtMs = clock.now();
    const headers = { 'content-type': 'application/json', ...signatureHeaders(event.eventId, startedAtMs, event.body, secrets) };
    const result = await post({ url: subscription.url, headers, body: event.body });
    const { delivered, endsRound } = judge(result, clock.now());
    if (endsRound || (subscription.ordered && !delivered)) stopped = true;
    return { sequence: event.sequence, startedAtMs, result };
  };

  const work = async (): Promise<void> => {
    while (!stopped && clock.now() < endsAtMs) {
      const sequence = waiting.shift();
      if (sequence === undefined) return;
      const event = rows.get(sequence)?.value;
      tried.push(event ? await attempt(event) : { sequence, startedAtMs: clock.now() });
    }
  };

  await Promise.all(Array.from({ length: subscription.ordered ? 1 : settings.parallel }, work));
  return tried;
};
