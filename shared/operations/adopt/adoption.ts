/** Pure: an account of the gateway on its way to a customer, as its own lane keeps it. */
import type { Lane } from '../../platform/lanes/lane.ts';

/** What becomes of numbers outside the partner's ranges: they come along and are named, or they stay outside. */
export type OutsideRanges = 'adopt' | 'refuse';

/** `account`: look at the account; `numbers`: page by page; `check`: was that all; `finish`: the customer begins; `undo`: give back what was taken. */
export type AdoptionPhase = 'account' | 'numbers' | 'check' | 'finish' | 'undo' | 'done' | 'failed';

export type AdoptionFailure = 'AccountNotFound' | 'AccountTaken' | 'CustomerExists';

export type Adoption = {
  accountName: string;
  partner: string;
  customerId: string;
  /** The lane that the customer will have, the operation that begins it, and its place there. */
  customerLane: string;
  operationId: string;
  seq: number;
  outsideRanges: OutsideRanges;
  phase: AdoptionPhase;
  /** Readings of the whole list so far; a list that changed meanwhile is read again. */
  pass: number;
  /** What a reading has shown is known since then, and by that told from what earlier ones have. */
  passBeganMs: number;
  /** Pages of this reading, and where it goes on. */
  pages: number;
  next?: string;
  /** What upstream counted on the first and on the last page. */
  firstCount?: number;
  lastCount?: number;
  /** Of this reading. */
  listed: number;
  adopted: number;
  outside: number;
  refused: number;
  /** The list kept changing: some numbers may be missing until the next comparison. */
  isUnsure?: true;
  failure?: AdoptionFailure;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
};

export type AdoptionLane = Lane & { adoption: Adoption };

const PREFIX = 'adopt.';

export const adoptionLaneOf = (partner: string, customerId: string): string => `${PREFIX}${partner}-${customerId}`;
export const isAdoptionLane = (lane: string): boolean => lane.startsWith(PREFIX);

export const isOver = ({ phase }: Adoption): boolean => phase === 'done' || phase === 'failed';

/** `outsideRanges`: adopted all the same. The others were not: somebody holds them, or they lie outside. */
export type FindingCode = 'OutsideRanges' | 'NumberAlreadyAssigned' | 'NumberNotAllocated';
export type Finding = { digits: string; code: FindingCode; holder?: { partner: string; customerId: string } };

/** Row `find|<lane>|<pass>|<page>`. */
export type Findings = { v: 1; findings: Finding[] };

export const isRefusal = ({ code }: Finding): boolean => code !== 'OutsideRanges';

/** The next reading of the list, from its first page on. */
export const anotherPass = ({ next: _next, firstCount: _first, lastCount: _last, ...adoption }: Adoption, nowMs: number): Adoption => ({
  ...adoption,
  phase: 'numbers',
  pass: adoption.pass + 1,
  passBeganMs: Math.max(nowMs, adoption.passBeganMs + 1),
  pages: 0,
  listed: 0,
  adopted: 0,
  outside: 0,
  refused: 0,
});
