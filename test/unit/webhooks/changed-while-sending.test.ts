/** What a partner changes counts from then on, also for a run that is in the middle of sending; and whoever says it is back is tried at once. */
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { PostRequest, PostResult } from '../../../shared/platform/outbound/post-call.ts';
import type { OpenSecret } from '../../../shared/platform/secrets/secret-box.ts';
import { makeAppendTo } from '../../../shared/webhooks/append.ts';
import { makeManageSubscriptions, type ManageSubscriptions } from '../../../shared/webhooks/manage-subscriptions.ts';
import type { Subscription } from '../../../shared/webhooks/model.ts';
import { toSecretText } from '../../../shared/webhooks/sign.ts';
import { answer, makeWorld, published, SECRET, START_MS, subscribed, type World } from './log-world.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const SLOW_MS = 3_000;
const NEW_SECRET = toSecretText(new Uint8Array(32).fill(5));
const NEW_URL = 'https://new.example/hook';
const slow: PostResult = { ...answer(200), durationMs: SLOW_MS };

const managing = ({ state, subscriptions, now, advance, settings }: World): ManageSubscriptions => {
  const clock = { now, sleep: async (ms: number) => advance(ms) };
  const wake = (): Promise<void> => Promise.resolve();
  const common = { state, subscriptions, clock, wake, settings: { ...settings, allowLoopback: false } };
  const open: OpenSecret = (text) => ({ outcome: 'opened', text });
  const makes = { newId: () => 'id', randomBytes: (count: number) => new Uint8Array(count).fill(7), seal: (text: string) => text };
  return makeManageSubscriptions({ ...common, ...makes, open, appendTo: makeAppendTo(common) });
};

/** Twenty events for a receiver that takes its time, whose partner makes a change while it answers the first. */
const changedDuringFirst = async (
  change: (manage: ManageSubscriptions) => Promise<unknown>,
  more: Partial<Subscription> = {},
): Promise<{ world: World; requests: PostRequest[] }> => {
  const requests: PostRequest[] = [];
  const world: World = await makeWorld({
    subscriptions: [subscribed('s1', more)],
    settings: { parallel: 1 },
    receiver: async (request) => {
      requests.push(request);
      if (requests.length === 1) await change(managing(world));
      return slow;
    },
  });
  await world.append(
    'acme',
    Array.from({ length: 20 }, (_, n) => published(n)),
  );
  await world.sweep();
  return { world, requests };
};

const isSignedWith = (secret: string, { headers, body }: PostRequest): boolean => {
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
  return headers['webhook-signature'] === new Webhook(secret).sign(headers['webhook-id'] ?? '', at, body);
};

describe.each([
  ['side by side', {}],
  ['one after the other', { ordered: true }],
] as const)('a change while events are sent %s', (_, how) => {
  it('pauses: nothing more is sent, and nothing is lost', async () => {
    const { world, requests } = await changedDuringFirst((manage) => manage.patch('acme', 's1', { state: 'paused' }, undefined), how);
    expect(requests).toHaveLength(1);
    await managing(world).patch('acme', 's1', { state: 'active' }, undefined);
    await world.sweep();
    expect(world.posted.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_unused, n) => n + 1));
  });

  it('removes: nothing more is sent', async () => {
    const { world, requests } = await changedDuringFirst((manage) => manage.remove('acme', 's1'), how);
    expect(requests).toHaveLength(1);
    expect(world.events('s1')).toEqual([]);
  });

  it('moves: a partner that had moved its endpoint got events at the old one for minutes', async () => {
    const { requests } = await changedDuringFirst((manage) => manage.patch('acme', 's1', { url: NEW_URL }, undefined), how);
    expect(requests.map(({ url }) => url)).toEqual(['https://s1.example/hook', ...Array<string>(19).fill(NEW_URL)]);
  });

  it('rotates: a partner that had taken its secret back got events signed with it for minutes', async () => {
    const { requests } = await changedDuringFirst((manage) => manage.rotate('acme', 's1', { secret: NEW_SECRET, overlapHours: 0 }), how);
    expect(requests.map((request) => isSignedWith(NEW_SECRET, request))).toEqual([false, ...Array<boolean>(19).fill(true)]);
    expect(requests.slice(0, 1).map((request) => isSignedWith(SECRET, request))).toEqual([true]);
  });
});

describe('a subscription that its partner enables again', () => {
  const downFor = async (ms: number, more: Partial<Subscription> = {}): Promise<World> => {
    const world: World = await makeWorld({
      subscriptions: [subscribed('s1', more)],
      receiver: () => answer(world.now() < START_MS + ms ? 500 : 200),
    });
    await world.append('acme', [published(1), published(2), published(3)]);
    await world.sweep(START_MS + 6 * DAY_MS);
    return world;
  };

  it.each([{}, { ordered: true }])('had to wait up to ten hours for the events that had failed (%j)', async (how) => {
    const world = await downFor(5.5 * DAY_MS, how);
    expect((await world.head('s1')).state).toBe('disabled');
    world.advance(DAY_MS);
    const enabledAtMs = world.now();
    await managing(world).patch('acme', 's1', { state: 'active' }, undefined);
    await world.sweep();
    expect(await world.states('s1')).toEqual(['delivered', 'delivered', 'delivered']);
    expect(world.now() - enabledAtMs).toBeLessThan(MINUTE_MS);
  });

  it('is tried on the ladder from its first step, should it not be back yet', async () => {
    const world = await downFor(8 * DAY_MS, { ordered: true });
    await managing(world).patch('acme', 's1', { state: 'active' }, undefined);
    const before = world.posted.length;
    const enabledAtMs = world.now();
    await world.sweep(enabledAtMs + 45 * MINUTE_MS);
    const tries = world.posted.slice(before).map(({ atMs }) => (atMs - enabledAtMs) / MINUTE_MS);
    expect(tries.length).toBeGreaterThanOrEqual(4);
    expect(tries[1]).toBeLessThan(1);
  });
});
