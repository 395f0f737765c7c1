/** Keeps one endpoint busy: events are read ahead, sent signed, a few at a time or one after the other, and recorded while others are on their way. */
import type { Post } from '../platform/outbound/post-call.ts';
import type { Row } from '../platform/tables/row-store.ts';
import type { DeliveryReport } from './deliver-report.ts';
import { planRound } from './log-plan.ts';
import { readEvents, readHead } from './log-read.ts';
import { attemptsBefore, MAX_RECORDED, type Tried } from './log-record.ts';
import type { LogEvent, LogHead, Subscription } from './model.ts';
import { makePacer, type Pacer } from './pacer.ts';
import { record, type RecordEffects } from './record.ts';
import { signatureHeaders } from './sign.ts';
import { makeSignal, type Signal } from './signal.ts';
import { judge } from './verdict.ts';

/** Events read ahead in one go. */
const READ_AHEAD = 100;
/** With so many left the next are read: sending these takes longer than reading those. */
const LOW_WATER = 50;
/** What was known of the subscription so long ago is looked up again before anything is sent by it. */
const KNOWN_FOR_MS = 1_000;

export type SendEffects = RecordEffects & { post: Post; report: (report: DeliveryReport) => void };

export type Sending = {
  head: Row<LogHead>;
  subscription: Pick<Subscription, 'ordered' | 'maxPerSecond' | 'maxInFlight'> & { url: string };
  secrets: readonly Uint8Array[];
  /** The subscription's own. */
  headers: Readonly<Record<string, string>>;
  endsAtMs: number;
};

/** `attempts`: as the head counted them when the row was read. */
type Loaded = { sequence: number; attempts: number; row: Row<LogEvent> | undefined };

/** One run in memory; nothing of it is needed after a crash. */
type Run = Sending & {
  effects: SendEffects;
  width: number;
  pacer: Pacer;
  changed: Signal;
  /** Read and not yet sent. */
  queue: Loaded[];
  isLoading: boolean;
  /** Sent and not yet recorded. */
  finished: Tried[];
  /** All that is in hand: queued, on its way, or finished; and the highest sequence that ever was. */
  busy: Set<number>;
  newest: number;
  /** Senders at work. */
  senders: number;
  stopped: boolean;
  /** When the head was last seen as this run needs it. */
  knownAtMs: number;
  failure?: { error: unknown };
  attempted: number;
  delivered: number;
  waitMs?: number;
  /** When what was tried in vain was appended, by sequence. */
  inVain: Map<number, number>;
};

const startRun = (effects: SendEffects, sending: Sending): Run => {
  const { subscription, head } = sending;
  const { parallel } = effects.settings;
  return {
    ...sending,
    effects,
    width: subscription.ordered ? 1 : (subscription.maxInFlight ?? parallel),
    pacer: makePacer(effects.clock, subscription.maxPerSecond, head.value.paceAtMs),
    changed: makeSignal(),
    queue: [],
    isLoading: false,
    finished: [],
    busy: new Set(),
    newest: 0,
    senders: 0,
    stopped: false,
    knownAtMs: effects.clock.now(),
    attempted: 0,
    delivered: 0,
    inVain: new Map(),
  };
};

const mayGoOn = (run: Run): boolean => !run.stopped && run.effects.clock.now() < run.endsAtMs;

const stop = (run: Run): void => {
  run.stopped = true;
  run.changed.notify();
};

/** What fails ends the run, but leaves nobody behind unwatched. */
const guarded = async (run: Run, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    run.failure ??= { error };
    stop(run);
  }
};

/** Reads the next events into the queue; false when the plan has none for now. */
const load = async (run: Run): Promise<boolean> => {
  const { clock, settings, state } = run.effects;
  const hand = { busy: run.busy, newest: run.newest, limit: READ_AHEAD };
  const plan = planRound(run.head.value, clock.now(), { ordered: run.subscription.ordered, settings }, hand);
  if (plan.kind !== 'send') return false;
  for (const sequence of plan.sequences) run.busy.add(sequence);
  run.newest = Math.max(run.newest, ...plan.sequences);
  run.isLoading = true;
  const head = run.head.value;
  try {
    const rows = await readEvents(state, head.subscriptionId, plan.sequences);
    run.queue.push(...plan.sequences.map((sequence) => ({ sequence, attempts: attemptsBefore(head, sequence), row: rows.get(sequence) })));
  } finally {
    run.isLoading = false;
  }
  startSenders(run, Math.min(run.width, run.queue.length));
  run.changed.notify();
  return true;
};

/** The next event to send, or undefined when this sender is not needed any more. */
const take = async (run: Run): Promise<Loaded | undefined> => {
  while (mayGoOn(run)) {
    if (run.finished.length >= run.effects.settings.maxUnrecorded) await run.changed.wait();
    else if (run.queue.length > 0) return run.queue.shift();
    else if (run.isLoading) await run.changed.wait();
    else if (!(await load(run))) return undefined;
  }
  return undefined;
};

const isUnchanged = (run: Run, { state, revision }: LogHead): boolean => state === 'active' && revision === run.head.value.revision;

/** Whether the subscription is still as this run knows it: active, with the same URL and secrets. Slow answers leave time for changes. */
const isCurrent = async (run: Run): Promise<boolean> => {
  const { clock, state } = run.effects;
  if (clock.now() - run.knownAtMs < KNOWN_FOR_MS) return true;
  const head = await readHead(state, run.head.value.subscriptionId);
  run.knownAtMs = clock.now();
  return head !== undefined && isUnchanged(run, head.value);
};

const attempt = async (run: Run, { sequence, attempts, row }: Loaded): Promise<Tried> => {
  const { clock, post } = run.effects;
  const startedAtMs = clock.now();
  if (!row) return { sequence, startedAtMs };
  const { eventId, body } = row.value;
  const headers = { ...run.headers, 'content-type': 'application/json', ...signatureHeaders(eventId, startedAtMs, body, run.secrets) };
  const result = await post({ url: run.subscription.url, headers, body });
  const { delivered, endsRound, abort } = judge(result, clock.now());
  if (endsRound || (run.subscription.ordered && !delivered && abort !== true)) stop(run);
  return { sequence, startedAtMs, attempts, row, result };
};

const send = async (run: Run): Promise<void> => {
  for (let next = await take(run); next; next = await take(run)) {
    const ahead = run.queue.length <= LOW_WATER && !run.isLoading && !run.subscription.ordered ? guarded(run, () => load(run)) : undefined;
    if ((await run.pacer.turn(run.endsAtMs)) && (await isCurrent(run)) && !run.stopped) run.finished.push(await attempt(run, next));
    else stop(run);
    run.changed.notify();
    await ahead;
  }
};

const startSenders = (run: Run, wanted: number): void => {
  while (run.senders < wanted) {
    run.senders++;
    void guarded(run, () => send(run)).then(() => {
      run.senders--;
      run.changed.notify();
    });
  }
};

const recordSome = async (run: Run, tried: readonly Tried[]): Promise<void> => {
  const { report } = run.effects;
  const { subscriptionId, deadRounds: deadBefore } = run.head.value;
  const pace = run.pacer.nextAtMs === undefined ? {} : { paceAtMs: run.pacer.nextAtMs };
  const done = await record(run.effects, run.head, { tried, ordered: run.subscription.ordered, ...pace });
  if (!done) {
    report({ kind: 'roundUnrecorded', subscriptionId });
    return stop(run);
  }
  const isChanged = !isUnchanged(run, done.head.value);
  run.head = done.head;
  run.knownAtMs = run.effects.clock.now();
  run.attempted += tried.length;
  run.delivered += done.recorded.delivered;
  const { maxLagMs } = done.recorded;
  if (maxLagMs !== undefined) run.waitMs = Math.max(run.waitMs ?? 0, maxLagMs);
  const open = new Set(done.head.value.open.map(({ sequence }) => sequence));
  for (const { sequence, row } of tried) {
    run.busy.delete(sequence);
    if (row && open.has(sequence)) run.inVain.set(sequence, row.value.appendedAtMs);
    else run.inVain.delete(sequence);
  }
  const { state, disabledReason, deadRounds } = run.head.value;
  if (state === 'disabled' && disabledReason !== undefined) report({ kind: 'disabled', subscriptionId, reason: disabledReason });
  // An endpoint that has come back gets a run of full width.
  if (isChanged || deadRounds > 0 || deadBefore > 0) stop(run);
  run.changed.notify();
};

/** Ends when all senders have ended and all they sent is recorded. */
const recordAll = async (run: Run): Promise<void> => {
  while (run.finished.length > 0 || run.senders > 0) {
    if (run.finished.length === 0) await run.changed.wait();
    else await recordSome(run, run.finished.splice(0, MAX_RECORDED));
  }
};

/**
 * Sends what is due until nothing is, a verdict ends the round, any event fails when ordered, or `endsAtMs` passes; what is in flight then is
 * waited for and recorded. Rejects when reading or recording fails, after everything in flight has ended.
 */
export const sendEvents = async (effects: SendEffects, sending: Sending): Promise<void> => {
  const run = startRun(effects, sending);
  startSenders(run, 1);
  await guarded(run, () => recordAll(run));
  while (run.senders > 0) await run.changed.wait();
  if (run.failure) throw run.failure.error;
  const { subscriptionId, lastSequence, reached, open } = run.head.value;
  const { attempted, delivered, waitMs, inVain } = run;
  const pending = lastSequence - reached + open.length;
  const oldest = inVain.size > 0 ? { oldestMs: effects.clock.now() - Math.min(...inVain.values()) } : {};
  effects.report({ kind: 'round', subscriptionId, attempted, delivered, pending, ...(waitMs === undefined ? {} : { waitMs }), ...oldest });
};
