/** The partners' receivers: slow, refusing, silent, and the judge of what reached them. */
import type { Post, PostResult } from '../../shared/platform/outbound/post-call.ts';
import { effect, type Process, type World } from './process.ts';

/** One delivery that came in; `okAtMs` when it was answered with 2xx. */
export type Arrival = { url: string; id: string; body: string; atMs: number; okAtMs?: number };

export type ReceiverModel = { postFor: (process: Process) => Post; arrivals: readonly Arrival[] };

const POST_DEADLINE_MS = 10_000;
const SLOWEST_MS = 9_000;
const QUICK_MS = [5, 300] as const;

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
  const arrive = async ({ url, headers, body }: Parameters<Post>[0]): Promise<PostResult> => {
    const trouble = random.chance(world.faults.upstream) ? random.below(7) : -1;
    const ms = trouble === 0 ? random.between(1_000, SLOWEST_MS) : random.between(...QUICK_MS);
    if (trouble === 1) return { outcome: 'failed', failure: 'refused', durationMs: ms };
    const arrival: Arrival = { url, id: headers['webhook-id'] ?? '', body, atMs: scheduler.now() };
    arrivals.push(arrival);
    await scheduler.sleep(trouble === 2 ? POST_DEADLINE_MS : ms);
    if (trouble === 2) return { outcome: 'failed', failure: 'timeout', durationMs: POST_DEADLINE_MS };
    if (trouble === 3) return { outcome: 'failed', failure: 'reset', durationMs: ms };
    if (trouble === 4) return answered(500, ms);
    if (trouble === 5) return answered(503, ms, { 'retry-after': '20' });
    if (trouble === 6) return answered(400, ms);
    arrival.okAtMs = scheduler.now();
    return answered(204, ms);
  };
  return { arrivals, postFor: (process) => (request) => effect(world, process, () => arrive(request)) };
};
