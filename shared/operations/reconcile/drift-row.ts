/** Pure: one thing that differs from the gateway, as table `Lists` keeps it. */
import { createHash } from 'node:crypto';
import { spellId } from '../../platform/ids/spell-id.ts';
import type { FieldDrift } from './compare.ts';

export const DRIFT_KINDS = ['accountMissing', 'accountDifferent', 'numberMissing', 'numberExtra', 'numberDifferent'] as const;
/** `…Missing`: the gateway has it no longer. `numberExtra`: it has one that is unknown here. */
export type DriftKind = (typeof DRIFT_KINDS)[number];

/** `accepted`: what the gateway shows is ours now. `reapplied`: an operation puts back what is ours. */
export type DriftState = 'open' | 'accepted' | 'reapplied';

/** Row of partition `drift`. */
export type DriftRow = {
  v: 1;
  id: string;
  kind: DriftKind;
  lane: string;
  partner: string;
  customerId: string;
  accountName: string;
  /** Empty for the account itself. */
  digits: string;
  fields: FieldDrift[];
  state: DriftState;
  operationId?: string;
  firstSeenAt: string;
  lastSeenAt: string;
  /** The comparisons that found it first and last. */
  firstRun: string;
  lastRun: string;
};

export const DRIFT_PARTITION = 'drift';
/** Before and after every id. */
export const FIRST_DRIFT = '0';
export const AFTER_DRIFT = '~';

/** The same thing keeps its id from one comparison to the next. */
export const driftIdOf = (lane: string, digits: string): string => spellId(createHash('sha256').update(`drift|${lane}|${digits}`).digest());

export type FoundDrift = Pick<DriftRow, 'kind' | 'lane' | 'partner' | 'customerId' | 'accountName' | 'digits' | 'fields'>;

/** The row after this comparison found it: what was decided about it holds while nothing else is found. */
export const seenAgain = (old: DriftRow | undefined, found: FoundDrift, run: string, nowMs: number): DriftRow => {
  const at = new Date(nowMs).toISOString();
  const fresh: DriftRow = {
    v: 1,
    id: driftIdOf(found.lane, found.digits),
    ...found,
    state: 'open',
    firstSeenAt: at,
    lastSeenAt: at,
    firstRun: run,
    lastRun: run,
  };
  const isSame = old?.state === 'open' && old.kind === found.kind;
  return isSame ? { ...fresh, firstSeenAt: old.firstSeenAt, firstRun: old.firstRun } : fresh;
};
