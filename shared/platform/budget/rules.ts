/** Pure: what the ledger of permits is held to: the limit, the spacing, and every time that its exactness rests on. */

export type BudgetTimes = {
  /** Permits are counted in slots of this length. */
  slotMs: number;
  /** A permit may be used for this long after it was taken. */
  usableMs: number;
  /** A slot counts until its end is this long past: the window of 60 s, the second of use, and one for clocks and the way to upstream. */
  heldMs: number;
  /** A permit is void when its write landed this much later than its slot's end, or this much earlier than was believed. */
  maxLateMs: number;
  maxEarlyMs: number;
  /** The same three where a spacing is asked for: what makes a permit exact in time makes it rare. */
  spacedUsableMs: number;
  spacedLateMs: number;
  spacedEarlyMs: number;
  /** Nobody may pause upstream for longer (design: 429 and 503). */
  maxPauseMs: number;
  /** After a pause one request goes alone until it is answered, at most for this long. */
  probeAloneMs: number;
  /** How often those behind it look whether it was. */
  probeLookMs: number;
  /** Whoever waits says when it will be back for its turn, at most this much later, and is forgotten a grace after that. */
  awayMs: number;
  graceMs: number;
  /** A class that has not had its floor keeps the rest of it for so long after a permit: its requests may come one by one. */
  keepFloorMs: number;
  /** Free permits that those whose turn it is have not taken for so long are anybody's. */
  leftLyingMs: number;
  /** It looks earlier, so often at least: its turn comes sooner when others go. */
  lookMs: number;
  /** Whoever waits for several permits may wait so long for the second to fourth: fewer writes, and they leave together ever after. */
  gatherMs: number;
  /** Where several processes write, whoever comes first waits up to so long for others to come along. */
  joinMs: number;
  /** Those whose turns come at one moment come one after the other. */
  staggerMs: number;
  /** Wait after a lost race, doubled with each further one in a row. */
  backOffMs: number;
};

export const DEFAULT_TIMES: BudgetTimes = {
  slotMs: 500,
  usableMs: 1_000,
  heldMs: 62_000,
  maxLateMs: 300,
  maxEarlyMs: 200,
  spacedUsableMs: 300,
  spacedLateMs: 150,
  spacedEarlyMs: 100,
  maxPauseMs: 600_000,
  probeAloneMs: 35_000,
  probeLookMs: 5_000,
  awayMs: 65_000,
  graceMs: 2_000,
  keepFloorMs: 3_000,
  leftLyingMs: 1_000,
  lookMs: 20_000,
  gatherMs: 2_000,
  joinMs: 100,
  staggerMs: 100,
  backOffMs: 100,
};

export type BudgetRules = {
  /** Requests in any sliding minute. */
  limit: number;
  /** Between one request and the next, over all processes; 0 allows bursts. */
  minSpacingMs: number;
  times: BudgetTimes;
};
