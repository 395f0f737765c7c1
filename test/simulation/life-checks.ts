/** Judges what partners did about a subscription: paused and removed ones are left alone, changes are heeded, and what was asked for again comes. */
import { signatureHeaders, fromSecretText } from '../../shared/webhooks/sign.ts';
import type { LogHistory } from './log-watch.ts';
import type { Arrival } from './receiver-model.ts';
import type { LifeNotes } from './subscription-life.ts';
import { secretOf, type Target } from './subscriptions.ts';

/** What was on its way, or about to leave, when a change was made. */
const ON_ITS_WAY_MS = 3_000;
/** An attempt that began so long before may still be what a redelivery asked for. */
const LONGEST_ATTEMPT_MS = 15_000;
const NEVER = Number.POSITIVE_INFINITY;

type Quiet = { why: string; fromMs: number; toMs: number };

const quietTimes = ({ id }: Target, { states }: LogHistory, { pauses, removed }: LifeNotes): Quiet[] => [
  ...states.flatMap(({ state, atMs }, n): Quiet[] =>
    state === 'active' ? [] : [{ why: state, fromMs: atMs, toMs: states[n + 1]?.atMs ?? NEVER }],
  ),
  ...pauses.filter((one) => one.id === id).map(({ fromMs, toMs }) => ({ why: 'paused', fromMs, toMs })),
  ...removed.filter((one) => one.id === id).map(({ fromMs }) => ({ why: 'removed', fromMs, toMs: NEVER })),
];

const noiseViolations = (target: Target, history: LogHistory, arrivals: readonly Arrival[], notes: LifeNotes): string[] =>
  quietTimes(target, history, notes).flatMap(({ why, fromMs, toMs }) =>
    arrivals
      .filter(({ atMs }) => atMs > fromMs + ON_ITS_WAY_MS && atMs < toMs)
      .map((arrival) => `${target.id} was sent ${arrival.id} while it was ${why}`),
  );

const moveViolations = ({ id }: Target, arrivals: readonly Arrival[], { moves }: LifeNotes): string[] => {
  const mine = moves.filter((move) => move.id === id);
  return mine.flatMap(({ heardMs }, n) => {
    const places = mine.slice(n).map(({ url }) => url);
    const late = arrivals.filter(({ url, atMs }) => atMs > heardMs + ON_ITS_WAY_MS && !places.includes(url));
    return late.map((arrival) => `${id} was sent ${arrival.id} where it had moved from`);
  });
};

const signatureOf = ({ id, body, headers }: Arrival, secret: string): string => {
  const bytes = fromSecretText(secret) ?? new Uint8Array();
  return signatureHeaders(id, Number(headers['webhook-timestamp']) * 1_000, body, [bytes])['webhook-signature'];
};

/** Between one rotation and the next: the new secret signs first, that of before signs as long as it was asked to. */
const rotationViolations = ({ id }: Target, arrivals: readonly Arrival[], { rotations }: LifeNotes): string[] => {
  const mine = rotations.filter((rotation) => rotation.id === id);
  return mine.flatMap(({ secret, overlapHours, heardMs }, n) => {
    const before = mine[n - 1]?.secret ?? secretOf(0);
    const between = arrivals.filter(({ atMs }) => atMs > heardMs + ON_ITS_WAY_MS && atMs < (mine[n + 1]?.askedMs ?? NEVER));
    const wrong = between.filter((arrival) => {
      const signatures = (arrival.headers['webhook-signature'] ?? '').split(' ');
      return signatures[0] !== signatureOf(arrival, secret) || signatures.includes(signatureOf(arrival, before)) !== overlapHours > 0;
    });
    return wrong.map((arrival) => `${id} was sent ${arrival.id} signed with what was rotated away`);
  });
};

const againViolations = ({ id }: Target, { replays, head }: LogHistory, arrivals: readonly Arrival[], notes: LifeNotes): string[] => {
  const came = (eventId: string, sinceMs: number): boolean => arrivals.some((arrival) => arrival.id === eventId && arrival.atMs >= sinceMs);
  const asked = notes.redeliveries.filter((one) => one.id === id);
  return [
    ...asked
      .filter(({ eventId, askedMs }) => !came(eventId, askedMs - LONGEST_ATTEMPT_MS))
      .map(({ eventId }) => `${id} was not sent ${eventId} again`),
    ...replays.flatMap(({ id: replay, fromMs, failed }) =>
      failed.filter(({ eventId }) => !came(eventId, fromMs)).map(({ eventId }) => `${id} was not sent ${eventId} by replay ${replay}`),
    ),
    ...(head?.replay ? [`${id} has a replay that does not end`] : []),
  ];
};

export const lifeViolations = (target: Target, history: LogHistory, arrivals: readonly Arrival[], notes: LifeNotes): string[] => {
  const isGone = notes.removed.some(({ id }) => id === target.id);
  return [
    ...noiseViolations(target, history, arrivals, notes),
    ...moveViolations(target, arrivals, notes),
    ...rotationViolations(target, arrivals, notes),
    ...(isGone ? [] : againViolations(target, history, arrivals, notes)),
  ];
};
