/** Reads an account once, now, for somebody who waits, and keeps what upstream says of it. */
import { accountPath } from '../platform/upstream/paths.ts';
import { accountFacts } from './account-facts.ts';
import type { Unanswered } from '../platform/upstream/unanswered.ts';
import type { AskNow } from './ask-now.ts';
import { runStep, type StepEffects } from './lane-step.ts';

export type RefreshAccount = (lane: string) => Promise<{ kind: 'refreshed' } | Unanswered>;

export const makeRefreshAccount =
  (effects: StepEffects & { askNow: AskNow; now: () => number }): RefreshAccount =>
  async (lane) => {
    const row = await effects.lanes.readLane(lane);
    if (!row) return { kind: 'refreshed' };
    const asked = await effects.askNow({ method: 'GET', path: accountPath(row.value.accountName) }, row.value.partner);
    if (asked.kind !== 'answer') return asked;
    const seen = asked.answer.status === 200 ? accountFacts(asked.answer.body) : undefined;
    if (!seen) return { kind: 'refreshed' };
    const at = new Date(effects.now()).toISOString();
    await runStep(effects, lane, async ({ value }) => {
      // Removed or created meanwhile: this was seen before.
      if (!value.account.exists) return Promise.resolve({ result: undefined });
      return Promise.resolve({ result: undefined, lane: { ...value, account: { ...value.account, seen: { ...seen, at } } } });
    });
    return { kind: 'refreshed' };
  };
