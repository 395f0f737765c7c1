/** Lanes, batches and drafts as the engine makes them, with only what a test is about spelled out. */
import { accept } from '../../../shared/operations/accept.ts';
import type { OperationDraft } from '../../../shared/operations/operation-draft.ts';
import type { AccountLane, Batch, Member } from '../../../shared/operations/model.ts';
import type { Row } from '../../../shared/platform/tables/row-store.ts';

export const LANE = 'acc.acme-contoso';
export const NOW_MS = Date.parse('2026-11-22T03:00:00Z');

export const digitsAt = (n: number): string => `441632${String(960_000 + n)}`;
export const digitsFrom = (first: number, count: number): string[] => Array.from({ length: count }, (_, n) => digitsAt(first + n));

export const numbersDraft = (numbers: readonly string[], more: Partial<OperationDraft> = {}): OperationDraft => ({
  lane: LANE,
  partner: 'acme',
  customerId: 'contoso',
  accountName: 'acme-contoso',
  kind: 'numbers',
  numbers,
  payload: { serviceDetails: { teamsOperatorConnect: { enabled: true } } },
  view: {},
  requestHash: 'hash',
  ...more,
});

export const accountDraft = (more: Partial<OperationDraft> = {}): OperationDraft =>
  numbersDraft([''], { kind: 'account', payload: { companyName: 'Contoso' }, ...more });

/** A lane whose account operation (seq 1) has just been accepted. */
export const laneOf = (more: Partial<AccountLane> = {}): AccountLane => {
  const [first] = accept(undefined, accountDraft(), 'op-account', NOW_MS).writes;
  if (first?.kind !== 'insert') throw new Error('an account starts its lane');
  return { ...(first.value as AccountLane), ...more };
};

export const membersOf = (digits: readonly string[], op = 2): Member[] => digits.map((one, item) => ({ op, seg: 0, item, digits: one }));

/** Batch 1, claimed once, with these numbers of operation 2. */
export const batchOf = (digits: readonly string[], more: Partial<Batch> = {}): Batch => ({
  v: 1,
  n: 1,
  kind: 'upsert',
  members: membersOf(digits),
  bodyHash: 'body',
  pair: { id: 'pair-0', firstSent: new Date(NOW_MS).toUTCString() },
  epoch: 1,
  claimedAtMs: NOW_MS,
  unheard: true,
  ambiguous: false,
  setbacks: 0,
  overwrites: [],
  phase: 'flying',
  verdicts: [],
  waiting: [],
  ...more,
});

export const accountBatch = (more: Partial<Batch> = {}): Batch => batchOf([''], { kind: 'account', create: false, ...more });

/** Waiting for the synchronisation of all its numbers. */
export const submittedBatch = (n: number, digits: readonly string[], more: Partial<Batch> = {}): Batch =>
  batchOf(digits, { n, phase: 'submitted', unheard: false, waiting: [...digits.keys()], ...more });

export const rowOf = <T>(value: T, key = 'key'): Row<T> => ({ key, value, etag: '"1"' });
