import { describe, expect, it } from 'vitest';
import type { AskUpstream } from '../../../shared/operations/ask-upstream.ts';
import { freezeAccount } from '../../../shared/operations/freeze-account.ts';
import type { Batch } from '../../../shared/operations/model.ts';
import { batchAsk } from '../../../shared/operations/permit-ask.ts';
import { laneWorld, QUIET_MS, worldWithAccount, type LaneWorld } from './lane-world.ts';
import { LANE } from './samples.ts';

const WANTED = { companyName: 'Contoso' };
const holding =
  (body: unknown, etag?: string): AskUpstream =>
  () =>
    Promise.resolve({ kind: 'answer', status: 200, body, ...(etag === undefined ? {} : { etag }) });
const silent: AskUpstream = () => Promise.resolve(undefined);
const absent: AskUpstream = () => Promise.resolve({ kind: 'answer', status: 404, body: undefined });

const freeze = async (world: LaneWorld, batch: Batch, ask: AskUpstream) => {
  const lane = await world.lane();
  return freezeAccount({ ...world.step, ask, permitAsk: batchAsk(lane, batch) }, lane, batch, WANTED);
};
const stored = async (world: LaneWorld, batch: Batch) => (await world.lanes.readBatch(LANE, batch.n))?.value;
const changing = async (): Promise<{ world: LaneWorld; batch: Batch }> => {
  const world = await worldWithAccount();
  await world.changeAccount();
  return { world, batch: await world.claimBatch() };
};

describe('the body of an account', () => {
  it('is stored with the ETag it was merged under before anything is sent', async () => {
    const { world, batch } = await changing();
    expect(batch).toMatchObject({ bodyHash: '' });
    const frozen = await freeze(world, batch, holding({ name: 'acme-contoso', foreign: 1, serviceProvisioningStatus: 'synced' }, '7'));
    expect(frozen).toMatchObject({ kind: 'frozen' });
    const { frozen: kept, pair } = (await stored(world, batch)) ?? {};
    expect(JSON.parse(kept?.body ?? '')).toEqual({ name: 'acme-contoso', foreign: 1, companyName: 'Contoso' });
    expect([kept?.ifMatch, kept?.ifNoneMatch, pair]).toEqual(['7', undefined, batch.pair]);
  });

  it('is a creation, without a look, where upstream is not known to have it', async () => {
    const world = laneWorld();
    await world.changeAccount();
    const batch = await world.claimBatch();
    await freeze(world, batch, silent);
    expect((await stored(world, batch))?.frozen).toEqual({
      body: JSON.stringify({ companyName: 'Contoso', name: 'acme-contoso' }),
      ifNoneMatch: '*',
    });
  });

  it('is a creation where it has vanished', async () => {
    const { world, batch } = await changing();
    await freeze(world, batch, absent);
    expect((await stored(world, batch))?.frozen).toMatchObject({ ifNoneMatch: '*' });
  });

  it('is not made while upstream cannot be read', async () => {
    const { world, batch } = await changing();
    expect(await freeze(world, batch, silent)).toEqual({ kind: 'unread' });
    expect((await stored(world, batch))?.frozen).toBeUndefined();
  });

  it('is not stored by one whose claim is over', async () => {
    const { world, batch } = await changing();
    world.moveClock(QUIET_MS + 1);
    const later = await world.claimBatch();
    expect(later).toMatchObject({ n: batch.n, epoch: 2, ambiguous: true });
    expect(await freeze(world, batch, holding({}, '7'))).toEqual({ kind: 'lost' });
    expect((await stored(world, batch))?.frozen).toBeUndefined();
    // Nothing was sent under this pair, so nothing is in doubt.
    expect(await freeze(world, later, holding({}, '8'))).toMatchObject({ kind: 'frozen', batch: { ambiguous: false } });
  });

  it('is made anew under a new pair after a conflict, and kept in every other case', async () => {
    const { world, batch } = await changing();
    await freeze(world, batch, holding({}, '7'));
    await world.conclude(batch, { kind: 'again', afterMs: 0, ambiguous: true, newPair: false, setback: false });
    const again = await world.claimBatch();
    expect([again.frozen?.ifMatch, again.pair]).toEqual(['7', batch.pair]);
    await world.conclude(again, { kind: 'again', afterMs: 0, ambiguous: false, newPair: true, setback: true });
    const anew = await world.claimBatch();
    expect([anew.frozen, anew.bodyHash, anew.setbacks]).toEqual([undefined, '', 1]);
    expect(anew.pair).not.toEqual(batch.pair);
  });

  it('is made anew, with the tries that conflicts have cost, after it was read back', async () => {
    const { world, batch } = await changing();
    await freeze(world, batch, holding({}, '7'));
    await world.conclude(batch, { kind: 'again', afterMs: 0, ambiguous: false, newPair: true, setback: true });
    const second = await world.claimBatch();
    await freeze(world, second, holding({}, '8'));
    await world.conclude(second, { kind: 'sendRest', verdicts: [], rest: [0] });
    const rest = await world.claimBatch();
    expect(rest).toMatchObject({ n: batch.n + 1, bodyHash: '', setbacks: 1 });
    expect([rest.frozen, rest.pair.id === second.pair.id]).toEqual([undefined, false]);
  });
});
