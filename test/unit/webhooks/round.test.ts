import { describe, expect, it } from 'vitest';
import type { PostResult } from '../../../shared/platform/outbound/post-call.ts';
import { readEvents } from '../../../shared/webhooks/log-read.ts';
import { runRound } from '../../../shared/webhooks/round.ts';
import { answer, makeWorld, published, silence, subscribed } from './log-world.ts';

const EVENTS = 12;
const sequences = Array.from({ length: EVENTS }, (_, n) => n + 1);

/** Runs one round over twelve events and tells which were tried, and how many at once. */
const roundWith = async (reply: (sequence: number) => PostResult, { ordered = false, parallel = 4 } = {}) => {
  const world = await makeWorld({ subscriptions: [subscribed('s1')] });
  await world.append(
    'acme',
    sequences.map((n) => published(n)),
  );
  const rows = await readEvents(world.memory, 's1', sequences);
  let [flying, most] = [0, 0];
  const post = async ({ body }: { body: string }) => {
    most = Math.max(most, ++flying);
    await new Promise((resolve) => setImmediate(resolve));
    flying--;
    return reply((JSON.parse(body) as { sequence: number }).sequence);
  };
  const clock = { now: () => 0, sleep: async () => undefined };
  const round = { subscription: subscribed('s1', { ordered }), sequences, rows, secrets: [], endsAtMs: 1 };
  const tried = await runRound(round, { post, clock, settings: { parallel } });
  return { tried: tried.map((one) => one.sequence).sort((a, b) => a - b), most };
};

describe('a round', () => {
  it('has as many attempts in flight as it may, and no more', async () => {
    expect(await roundWith(() => answer(200))).toEqual({ tried: sequences, most: 4 });
  });
  it('ends at the first time-out, after what is in flight', async () => {
    expect((await roundWith((sequence) => (sequence === 2 ? silence : answer(200)), { parallel: 1 })).tried).toEqual([1, 2]);
    expect((await roundWith((sequence) => (sequence === 1 ? silence : answer(200)))).tried).toEqual([1, 2, 3, 4]);
  });
  it('ends when the receiver asks for a pause', async () => {
    expect((await roundWith(() => answer(429, { 'retry-after': '5' }), { parallel: 1 })).tried).toEqual([1]);
  });
  it('goes on after other failures', async () => {
    expect((await roundWith(() => answer(500), { parallel: 1 })).tried).toEqual(sequences);
  });
  it('sends one at a time when ordered, and nothing after a failure', async () => {
    const reply = (sequence: number) => answer(sequence === 3 ? 422 : 200);
    expect(await roundWith(reply, { ordered: true })).toEqual({ tried: [1, 2, 3], most: 1 });
  });
});
