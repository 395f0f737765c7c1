/** The partners' receivers: slow, refusing, silent, gone for a while, and the judge of what reached them. */
import type { Post, PostResult } from '../../shared/platform/outbound/post-call.ts';
import { effect, type Process, type World } from './process.ts';

type Request = Parameters<Post>[0];

/** One delivery that came in; `okAtMs` when it was answered with 2xx, `abortedAtMs` when it was not wanted. */
export type Arrival = {
  url: string;
  id: string;
  body: string;
  headers: Request['headers'];
  atMs: number;
  okAtMs?: number;
  abortedAtMs?: number;
};

/** How a receiver answers everything for a while. `choosy`: it does not want some messages, and says so. `disabling`: 204, and no more. */
export const MOODS = ['slow', 'gone', 'disabling', 'failing', 'silent', 'choosy', 'well'] as const;
export type Mood = (typeof MOODS)[number];

export type ReceiverModel = {
  postFor: (process: Process) => Post;
  arrivals: readonly Arrival[];
  /** Of the receiver whose URLs begin like this. */
  setMood: (url: string, mood: Mood) => void;
};

const POST_DEADLINE_MS = 10_000;
const SLOWEST_MS = 9_000;
const QUICK_MS = [5, 300] as const;
const SLOW_MS = [1_000, 4_000] as const;
/** Of what a choosy receiver is sent. */
const UNWANTED = 0.5;

const answered = (status: number, durationMs: number, headers: Record<string, string> = {}): PostResult => ({
  outcome: 'answered',
  status,
  headers,
  body: '',
  bodyTruncated: false,
  durationMs,
});

export const makeReceiverModel = (world: World): ReceiverModel => {
  const { scheduler, random } = world;
  const arrivals: Arrival[] = [];
  const moods = new Map<string, Mood>();
  const moodAt = (url: string): Mood => [...moods].find(([start]) => url.startsWith(start))?.[1] ?? 'well';

  const noted = ({ url, headers, body }: Request): Arrival => {
    const arrival: Arrival = { url, id: headers['webhook-id'] ?? '', body, headers, atMs: scheduler.now() };
    arrivals.push(arrival);
    return arrival;
  };

  const taken = (arrival: Arrival, ms: number, headers: Record<string, string> = {}): PostResult => {
    arrival.okAtMs = scheduler.now();
    return answered(204, ms, headers);
  };

  const inMood = async (request: Request, mood: Mood): Promise<PostResult> => {
    const arrival = noted(request);
    const ms = mood === 'silent' ? POST_DEADLINE_MS : mood === 'slow' ? random.between(...SLOW_MS) : random.between(...QUICK_MS);
    await scheduler.sleep(ms);
    if (mood === 'silent') return { outcome: 'failed', failure: 'timeout', durationMs: ms };
    if (mood === 'gone') return answered(410, ms);
    if (mood === 'failing') return answered(500, ms);
    if (mood === 'disabling') return taken(arrival, ms, { 'webhook-delivery': 'disable' });
    if (mood === 'slow' || !random.chance(UNWANTED)) return taken(arrival, ms);
    arrival.abortedAtMs = scheduler.now();
    return answered(422, ms, { 'webhook-delivery': 'abort-message' });
  };

  const arrive = async (request: Request): Promise<PostResult> => {
    const mood = moodAt(request.url);
    if (mood !== 'well') return inMood(request, mood);
    const trouble = random.chance(world.faults.upstream) ? random.below(7) : -1;
    const ms = trouble === 0 ? random.between(1_000, SLOWEST_MS) : random.between(...QUICK_MS);
    if (trouble === 1) return { outcome: 'failed', failure: 'refused', durationMs: ms };
    const arrival = noted(request);
    await scheduler.sleep(trouble === 2 ? POST_DEADLINE_MS : ms);
    if (trouble === 2) return { outcome: 'failed', failure: 'timeout', durationMs: POST_DEADLINE_MS };
    if (trouble === 3) return { outcome: 'failed', failure: 'reset', durationMs: ms };
    if (trouble === 4) return answered(500, ms);
    if (trouble === 5) return answered(503, ms, { 'retry-after': '20' });
    if (trouble === 6) return answered(400, ms);
    return taken(arrival, ms);
  };

  return {
    arrivals,
    setMood: (url, mood) => void moods.set(url, mood),
    postFor: (process) => (request) => effect(world, process, () => arrive(request)),
  };
};
