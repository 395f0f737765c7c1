/** What partners and operators do about orders that were placed: asked again until somebody answers. */
import type { Host } from './host.ts';
import type { World } from './process.ts';
import type { Random } from './scheduler.ts';
import type { PlannedDraft, Submitted } from './workload.ts';

/** `key` names the draft that it is about. */
export type PlannedAction = { kind: 'cancel'; atMs: number; key: string };

const LATEST_CANCEL_MS = 60_000;
const ANSWER_WAIT_MS = 15_000;
const PARTNER = 'acme';

export const planActions = (random: Random, drafts: readonly PlannedDraft[]): PlannedAction[] => {
  const rate = random.chance(0.5) ? 0.15 : 0;
  return drafts.flatMap(({ atMs, draft, key }): PlannedAction[] =>
    draft.kind === 'numbers' && random.chance(rate) ? [{ kind: 'cancel', atMs: atMs + random.between(0, LATEST_CANCEL_MS), key }] : [],
  );
};

type Told = { done: () => void; onFault: (error: unknown) => void };

/** True when it was answered for good. */
const act = async (host: Host, action: PlannedAction, operationId: string): Promise<boolean> => {
  const answer = await host.cancel(PARTNER, operationId);
  return answer.kind !== 'busy';
};

/** Waits until its order is accepted, then asks hosts in turn until one answers. */
export const runAction = (
  world: World,
  hosts: readonly Host[],
  action: PlannedAction,
  submitted: readonly Submitted[],
  { done, onFault }: Told,
): void => {
  const { scheduler, random } = world;
  let answered = false;
  const ask = (): void => {
    if (answered) return;
    scheduler.after(ANSWER_WAIT_MS, ask);
    const alive = hosts.filter((host) => host.process.alive);
    const host = alive[random.below(alive.length)];
    const order = submitted.find(({ key }) => key === action.key);
    if (!host || !order) return;
    act(host, action, order.operationId).then((final) => {
      if (!final || answered) return;
      answered = true;
      done();
    }, onFault);
  };
  scheduler.after(action.atMs, ask);
};
