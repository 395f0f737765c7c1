/** A receiver that is away for part of the run, and what the partner does when it is back: fetch, replay, compare. */
import type { Clock } from '../lib/clock.ts';
import { eventLog, hook, replayCount, type Hook } from './answers.ts';
import { anything, type Connections } from './connections.ts';
import { lookUntil } from './wait.ts';

/** What came of it. */
export type CatchUp = {
  /** Events that the log held while the receiver had none. */
  missed: number;
  /** Sequences of the log, and those that the receiver has at the end. */
  kept: number[];
  received: number[];
  gaps: number;
  duplicates: number;
};

const AWAY = 503;
const DEADLINE_MS = 60_000;
const LOOK_EVERY_MS = 250;
const EVENT_PAGE = 1000;

/** Every delivery is refused from now on. */
export const leave = ({ receiverControl }: Connections, name: string): Promise<unknown> =>
  receiverControl(anything, 'PUT', `/hooks/${name}/behaviour`, { body: { status: AWAY } });

const sequencesOf = async ({ partner }: Connections, subscriptionId: string): Promise<number[]> => {
  const { body } = await partner(eventLog, 'GET', `/webhook-subscriptions/${subscriptionId}/events`);
  return body.value.map(({ sequence }) => sequence);
};

/** The sequences of what a hook has taken. */
export const acceptedSequences = ({ events }: Hook): number[] => {
  const taken = events.flatMap(({ status, event }) => {
    const { sequence } = (event ?? {}) as { sequence?: unknown };
    return status !== undefined && status < 300 && typeof sequence === 'number' ? [sequence] : [];
  });
  return [...new Set(taken)].sort((a, b) => a - b);
};

/** The receiver answers again; what failed is counted, sent once more, and waited for. */
export const comeBack = async (connections: Connections, name: string, subscriptionId: string, clock: Clock): Promise<CatchUp> => {
  const { partner, receiverControl } = connections;
  const missed = (await sequencesOf(connections, subscriptionId)).length;
  await receiverControl(anything, 'PUT', `/hooks/${name}/behaviour`, { body: {} });
  const counted = await partner(replayCount, 'POST', `/webhook-subscriptions/${subscriptionId}/replay`, { body: { dryRun: true } });
  if (counted.body.count > 0) await partner(replayCount, 'POST', `/webhook-subscriptions/${subscriptionId}/replay`, { body: {} });
  await partner(anything, 'PATCH', `/webhook-subscriptions/${subscriptionId}`, { body: { state: 'active' } });
  const look = async (): Promise<Hook> => (await receiverControl(hook, 'GET', `/hooks/${name}?limit=${EVENT_PAGE}`)).body;
  const isThere = (seen: Hook): boolean => acceptedSequences(seen).length >= missed;
  const seen = await lookUntil({ clock, deadlineMs: DEADLINE_MS, everyMs: LOOK_EVERY_MS }, look, isThere);
  const kept = await sequencesOf(connections, subscriptionId);
  return { missed, kept, received: acceptedSequences(seen), gaps: seen.gaps, duplicates: seen.duplicates };
};
