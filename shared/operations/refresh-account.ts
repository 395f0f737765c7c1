/** Reads an account once, now, for somebody who waits, and keeps what upstream says of it. */
import { accountPath } from '../platform/upstream/paths.ts';
import { accountFacts } from './account-facts.ts';
import type { UpstreamEffects } from './ask-upstream.ts';
import { runStep, type StepEffects } from './lane-step.ts';

/** Who asks is kept waiting no longer than that for a permit. */
const PERMIT_WAIT_MS = 2_000;

/** `busy`: no permit came soon; `unavailable`: upstream cannot tell now. */
export type RefreshAccount = (lane: string) => Promise<'refreshed' | 'busy' | 'unavailable'>;

export const makeRefreshAccount =
  (effects: StepEffects & UpstreamEffects & { now: () => number }): RefreshAccount =>
  async (lane) => {
    const row = await effects.lanes.readLane(lane);
    if (!row) return 'refreshed';
    const permit = await effects.takePermit({ permitClass: 'interactive', partner: row.value.partner }, PERMIT_WAIT_MS);
    if (!permit) return 'busy';
    const outcome = await effects.call({ method: 'GET', path: accountPath(row.value.accountName) }, permit);
    await effects.heedOutcome(outcome);
    if (outcome.kind === 'notSent' && outcome.reason === 'permitExpired') return 'busy';
    if (outcome.kind !== 'answer' || (outcome.status !== 200 && outcome.status !== 404)) return 'unavailable';
    const seen = outcome.status === 200 ? accountFacts(outcome.body) : undefined;
    if (!seen) return 'refreshed';
    const at = new Date(effects.now()).toISOString();
    await runStep(effects, lane, async ({ value }) => {
      // Removed or created meanwhile: this was seen before.
      if (!value.account.exists) return Promise.resolve({ result: undefined });
      return Promise.resolve({ result: undefined, lane: { ...value, account: { ...value.account, seen: { ...seen, at } } } });
    });
    return 'refreshed';
  };
