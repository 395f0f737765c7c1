import { describe, expect, it } from 'vitest';
import { capped, errorRoom, fromPlace } from '../../../shared/operations/error-texts.ts';
import type { ItemError } from '../../../shared/operations/model.ts';
import { decide } from '../../../shared/operations/outcome.ts';
import { makeReadItems } from '../../../shared/operations/read-items.ts';
import { below, lanePartition } from '../../../shared/platform/tables/keys.ts';
import { worldWithAccount } from './lane-world.ts';
import { digitsFrom, LANE, laneOf } from './samples.ts';

const errorOf = (text: string): ItemError => ({
  code: 'UpstreamSyncFailed',
  upstream: [{ code: 'InvalidRequest', message: text, target: 'oc' }],
});

describe('error texts', () => {
  it('come back whole for 1,000 numbers that each failed with a long text of its own, from segments below 256 KiB', async () => {
    const world = await worldWithAccount();
    const digits = digitsFrom(0, 1_000);
    const textOf = (one: string): string => `${one} "${'ü'.repeat(3_000)}"`;
    const { id } = await world.order(digits);
    for (let next = await world.claimNext(); next.kind === 'claimed'; next = await world.claimNext()) {
      const numbers = next.batch.members.map(({ digits: one }) => ({
        telephoneNumber: `+${one}`,
        serviceProvisioningStatus: 'failed',
        serviceProvisioningErrors: [{ code: 'InvalidRequest', message: textOf(one), target: 'oc' }],
      }));
      await world.conclude(next.batch, decide(next.batch, { kind: 'answer', status: 200, body: { numbers } }));
      await world.fold();
    }
    const { from, to } = below('seg', LANE);
    const segments = await world.state.range(lanePartition(LANE), from, to);
    expect(Math.max(...segments.map(({ value }) => Buffer.byteLength(JSON.stringify(value))))).toBeLessThan(256 * 1024);
    const read = (await makeReadItems(world.lanes)('acme', id)) ?? expect.fail('no order');
    const items = await read.withErrors(read.items);
    expect(items.map(({ state, error }) => [state, error])).toEqual(digits.map((one) => ['failed', errorOf(textOf(one))]));
  });

  it('stay where they are when they are short', async () => {
    const world = await worldWithAccount();
    const { id } = await world.order(digitsFrom(0, 200));
    await world.drain('failed');
    expect((await world.lane()).errorTexts).toBe(0);
    const read = await makeReadItems(world.lanes)('acme', id);
    expect(read?.items[0]?.error).toEqual({ code: 'UpstreamSyncFailed', upstream: [] });
  });

  it('are kept once for all who share them, in rows of their own number', () => {
    const room = errorRoom(laneOf({ errorTexts: 4 }));
    const [a, b, c] = [room.move(errorOf('same')), room.move(errorOf('other')), room.move(errorOf('same'))];
    expect([a, b, c]).toEqual([5, 5, 5].map((row, n) => ({ code: 'UpstreamSyncFailed', at: `${row}/${n === 1 ? 1 : 0}` })));
    expect(fromPlace(b.at ?? '')).toEqual({ row: 5, place: 1 });
    const { lane, writes } = room.finish(laneOf({ errorTexts: 4 }));
    expect([lane.errorTexts, writes.length]).toEqual([5, 1]);
    expect(writes[0]).toMatchObject({ kind: 'insert', value: { errors: [errorOf('same'), errorOf('other')] } });
  });

  it('are cut only where nobody could read them any more', () => {
    expect(capped(errorOf('x'.repeat(10_000)))).toEqual(errorOf('x'.repeat(10_000)));
    const cut = capped({
      code: 'UpstreamRejected',
      upstream: Array.from({ length: 50 }, () => ({ code: 'C', message: 'x'.repeat(5_000) })),
    });
    expect(cut.upstream?.map(({ message }) => message.length)).toEqual([601, 601, 601, 601, 601]);
  });
});
