/** What partners do about their subscriptions while events flow, and what happens to their receivers meanwhile. */
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { insist } from './actions.ts';
import type { Host } from './host.ts';
import type { LogWatch } from './log-watch.ts';
import type { World } from './process.ts';
import { MOODS, type Mood, type ReceiverModel } from './receiver-model.ts';
import type { Random } from './scheduler.ts';
import { secretOf, type Target } from './subscriptions.ts';
import type { WebhookHost } from './webhook-host.ts';

type Act = { atMs: number } & (
  | { kind: 'pause'; forMs: number }
  | { kind: 'rotate'; secret: string; overlapHours: number }
  | { kind: 'move'; url: string }
  | { kind: 'replay'; only: 'failed' | 'all' }
  | { kind: 'redeliver' | 'test' | 'enable' | 'remove' }
);
/** A partner does one thing after the other; receivers have moods beside that. */
export type Life = { target: Target; acts: Act[]; moods: { atMs: number; forMs: number; mood: Mood }[] };

/** What partners were told, with the true times of asking and of hearing the answer. */
export type LifeNotes = {
  /** Nobody asked for more before `toMs`. */
  pauses: { id: string; fromMs: number; toMs: number }[];
  removed: { id: string; fromMs: number }[];
  rotations: { id: string; secret: string; overlapHours: number; askedMs: number; heardMs: number }[];
  moves: { id: string; url: string; heardMs: number }[];
  redeliveries: { id: string; eventId: string; askedMs: number }[];
  tests: { id: string; eventId: string }[];
};

const LATEST_ACT_MS = 240_000;
const MINUTE_MS = 60_000;

const pickOf = <T>(random: Random, all: readonly T[]): T => all[random.below(all.length)] as T;

const actOf = (random: Random, url: string, n: number): Act => {
  const atMs = random.between(5_000, LATEST_ACT_MS);
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return { kind: 'pause', atMs, forMs: random.between(5_000, 2 * MINUTE_MS) };
    case 3:
      return { kind: 'rotate', atMs, secret: secretOf(n + 1), overlapHours: pickOf(random, [0, 24]) };
    case 4:
      return { kind: 'move', atMs, url: `${url}/${n + 1}` };
    case 5:
      return { kind: 'replay', atMs, only: random.chance(0.7) ? 'failed' : 'all' };
    case 6:
      return { kind: 'redeliver', atMs };
    default:
      return { kind: random.chance(0.5) ? 'enable' : 'test', atMs };
  }
};

const moodsOf = (random: Random): Life['moods'] => {
  if (!random.chance(0.5)) return [];
  const mood = pickOf(random, [...MOODS, 'choosy', 'slow', 'slow'] as const);
  if (mood === 'slow') return [{ atMs: 0, mood, forMs: LATEST_ACT_MS }];
  const forMs = mood === 'failing' && random.chance(0.4) ? random.between(9, 14) * MINUTE_MS : random.between(10_000, 90_000);
  return [{ atMs: random.between(5_000, 120_000), mood, forMs }];
};

export const planLives = (random: Random, targets: readonly Target[]): Life[] =>
  targets.map((target) => {
    const moods = moodsOf(random);
    // Runs that take their time are in the middle of something when a change comes.
    const isSlow = moods.some(({ mood }) => mood === 'slow');
    const changes: Act[] = isSlow
      ? [
          { kind: 'rotate', atMs: random.between(5_000, LATEST_ACT_MS), secret: secretOf(100), overlapHours: 0 },
          { kind: 'move', atMs: random.between(5_000, LATEST_ACT_MS), url: `${target.url}/moved` },
        ]
      : [];
    const acts = random.chance(0.7) ? Array.from({ length: random.below(8) }, (_, n) => actOf(random, target.url, n)) : [];
    const end: Act[] = random.chance(0.12) ? [{ kind: 'remove', atMs: random.between(30_000, LATEST_ACT_MS) }] : [];
    return { target, acts: [...[...acts, ...changes].sort((a, b) => a.atMs - b.atMs), ...end], moods };
  });

export const newNotes = (): LifeNotes => ({ pauses: [], removed: [], rotations: [], moves: [], redeliveries: [], tests: [] });

export type LifeWorld = {
  world: World;
  hosts: readonly Host[];
  logs: LogWatch;
  receiver: ReceiverModel;
  notes: LifeNotes;
  onFault: (error: unknown) => void;
};

/** Whether it is an answer for good: what is gone, or under way already, stays so. */
const isAnswer = (error: unknown): boolean => {
  if (!(error instanceof AppError)) throw error;
  return error.code !== 'ServiceBusy';
};

/** The answer, or undefined for a refusal. */
const askFor = async <T>({ world, hosts, onFault }: LifeWorld, ask: (webhooks: WebhookHost) => Promise<T>): Promise<T | undefined> => {
  let answer: T | undefined;
  await insist(world, hosts, onFault, (host) =>
    ask(host.webhooks).then((given) => {
      answer = given;
      return true;
    }, isAnswer),
  );
  return answer;
};

const pause = async (life: LifeWorld, { id, partnerId }: Target, forMs: number): Promise<void> => {
  const { scheduler } = life.world;
  const heard = await askFor(life, ({ manage }) => manage.patch(partnerId, id, { state: 'paused' }, undefined));
  const fromMs = scheduler.now();
  await scheduler.sleep(forMs);
  if (heard) life.notes.pauses.push({ id, fromMs, toMs: scheduler.now() });
  await askFor(life, ({ manage }) => manage.patch(partnerId, id, { state: 'active' }, undefined));
};

/** Of what has been tried at least once. */
const redeliver = async (life: LifeWorld, { id, partnerId }: Target): Promise<void> => {
  const { appended, head } = life.logs.historyOf(id);
  const event = appended[life.world.random.below(head?.reached ?? 0)];
  if (!event || !head || head.reached === 0) return;
  const askedMs = life.world.scheduler.now();
  const heard = await askFor(life, ({ replaying }) => replaying.redeliver(partnerId, id, event.sequence));
  if (heard) life.notes.redeliveries.push({ id, eventId: event.eventId, askedMs });
};

const enable = async (life: LifeWorld, { id, partnerId }: Target): Promise<void> => {
  const view = await askFor(life, ({ manage }) => manage.get(partnerId, id));
  if (view?.state === 'disabled') await askFor(life, ({ manage }) => manage.patch(partnerId, id, { state: 'active' }, undefined));
};

const perform = async (life: LifeWorld, target: Target, act: Act): Promise<void> => {
  const { id, partnerId } = target;
  const { notes, world } = life;
  const now = world.scheduler.now;
  const askedMs = now();
  if (act.kind === 'pause') await pause(life, target, act.forMs);
  if (act.kind === 'enable') await enable(life, target);
  if (act.kind === 'redeliver') await redeliver(life, target);
  if (act.kind === 'rotate') {
    const { secret, overlapHours } = act;
    const heard = await askFor(life, ({ manage }) => manage.rotate(partnerId, id, { secret, overlapHours }));
    if (heard) notes.rotations.push({ id, secret, overlapHours, askedMs, heardMs: now() });
  }
  if (act.kind === 'move') {
    const heard = await askFor(life, ({ manage }) => manage.patch(partnerId, id, { url: act.url }, undefined));
    if (heard) notes.moves.push({ id, url: act.url, heardMs: now() });
  }
  if (act.kind === 'replay') await askFor(life, ({ replaying }) => replaying.replay(partnerId, id, { only: act.only, dryRun: false }));
  if (act.kind === 'test') {
    const heard = await askFor(life, ({ manage }) => manage.test(partnerId, id));
    if (heard) notes.tests.push({ id, eventId: heard.eventId });
  }
  if (act.kind === 'remove') {
    await askFor(life, ({ manage }) => manage.remove(partnerId, id));
    notes.removed.push({ id, fromMs: now() });
  }
};

/** Resolves when all of it has happened. */
export const runLife = async (life: LifeWorld, { target, acts, moods }: Life): Promise<void> => {
  const { scheduler } = life.world;
  const startMs = scheduler.now();
  const until = (atMs: number): Promise<void> => scheduler.sleep(startMs + atMs - scheduler.now());
  const feel = async ({ atMs, forMs, mood }: Life['moods'][number]): Promise<void> => {
    await until(atMs);
    life.receiver.setMood(target.url, mood);
    await scheduler.sleep(forMs);
    life.receiver.setMood(target.url, 'well');
  };
  const acting = async (): Promise<void> => {
    for (const act of acts) {
      await until(act.atMs);
      await perform(life, target, act);
    }
  };
  await Promise.all([acting(), ...moods.map(feel)]);
};

const LOOK_EVERY_MS = 20_000;

/** In the end a partner sees to it that its subscription is active, and has all sent again that failed. */
export const lookAfter = async (life: LifeWorld, { id, partnerId }: Target): Promise<void> => {
  for (let replayed = false; ;) {
    const view = await askFor(life, ({ manage }) => manage.get(partnerId, id));
    if (!view) return;
    const { waiting = 0, replay } = view.delivery ?? {};
    if (view.state !== 'active') await askFor(life, ({ manage }) => manage.patch(partnerId, id, { state: 'active' }, undefined));
    else if (waiting > 0 || replay) await life.world.scheduler.sleep(LOOK_EVERY_MS);
    else if (replayed) return;
    else {
      await askFor(life, ({ replaying }) => replaying.replay(partnerId, id, { only: 'failed', dryRun: false }));
      replayed = true;
    }
  }
};
