/** Pure: the port to the shared upstream budget: one permit, one transmission. */

/** Who asks; the order is the priority (design: interactive before orders before polls before background). */
export type PermitClass = 'interactive' | 'orders' | 'polls' | 'background';

/** What is asked for, and in whose name; without a partner it is the operator's own. */
export type PermitAsk = {
  permitClass: PermitClass;
  partner?: string;
  /** Since when the work waits, by the caller's own clock: of one partner's and class's, the oldest goes first. Default: since now. */
  sinceMs?: number;
};

/** An arrival slot: one request may leave until then, by the caller's own clock. */
export type Permit = { usableUntilMs: number };

/** A permit, or undefined when none came free within `waitMs`. Never hands out more than the limit in any sliding 60 s. */
export type TakePermit = (ask: PermitAsk, waitMs: number) => Promise<Permit | undefined>;

/** No permit for anybody for the next `ms`; upstream asked for it or does not answer. Never shortens a longer pause. */
export type PauseUpstream = (ms: number) => Promise<void>;

/** Ends the time after a pause in which one request goes alone: upstream answered, or the request never left and another one may go. */
export type EndProbe = (answered: boolean) => Promise<void>;
