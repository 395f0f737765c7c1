/** Pure: what a feature wants done, and the operation that it becomes. */
import type { EventDraft } from '../platform/lanes/lane.ts';
import type { BatchKind, Counts, OnExisting, Operation, OperationAbout, OperationKind } from './model.ts';
import type { OwnDraft, OwnParts } from './own-settings.ts';

/** In upstream's form. */
export type OperationDraft = {
  lane: string;
  partner: string;
  customerId: string;
  accountName: string;
  kind: OperationKind;
  /** Default: `upsert` for numbers, `account` for the account. */
  sentAs?: BatchKind;
  about?: OperationAbout;
  /** Default: `update`. */
  onExisting?: OnExisting;
  /** Digits without the plus, each once; one empty string for the account itself. */
  numbers: readonly string[];
  /** Items that fail at once, by their places: their codes. One at least must be left. */
  refused?: Readonly<Record<number, string>>;
  payload: Record<string, unknown>;
  /** What some of the numbers have of their own. */
  own?: OwnDraft;
  view: Record<string, unknown>;
  requestHash: string;
  idempotencyKey?: string;
  /** The ended operation of the same lane that it retries. */
  retryOf?: { seq: number };
  /** Nothing of it is sent before; a time that has passed changes nothing. */
  notBeforeMs?: number;
  /** A change of the account that is accepted with it, right before it, and that it requires. */
  first?: OperationDraft;
  /** The earlier operation of the lane that it requires: when that fails, nothing of this is sent. */
  requires?: number;
  /** The event that its acceptance makes, given its id. */
  told?: (operationId: string) => EventDraft;
  /** It is for one number alone, which shows as it is asked to be from now on. */
  alone?: {
    /** Nothing is accepted unless this holds; what it reads of the lane cannot have changed when the operation is stored. */
    onlyIf?: () => Promise<boolean>;
  };
  /** For drafts made from what the account was asked to be: its last account operation's seq then, 0 for none. */
  basedOn?: number;
};

/** When it may be sent, where that is still to come. */
export const heldUntilMs = ({ notBeforeMs }: OperationDraft, nowMs: number): number | undefined =>
  notBeforeMs !== undefined && notBeforeMs > nowMs ? notBeforeMs : undefined;

const heldField = (atMs: number | undefined): { heldUntil?: string } =>
  atMs === undefined ? {} : { heldUntil: new Date(atMs).toISOString() };

const countsOf = (total: number, failed: number): Counts => ({
  total,
  pending: total - failed,
  submitted: 0,
  succeeded: 0,
  failed,
  superseded: 0,
  skipped: 0,
  canceled: 0,
});

export const refusedCount = ({ refused = {} }: OperationDraft): number => Object.keys(refused).length;

const failuresOf = (refused: OperationDraft['refused'] = {}): Operation['failures'] => {
  const failures: Operation['failures'] = {};
  for (const code of Object.values(refused)) failures[code] = (failures[code] ?? 0) + 1;
  return failures;
};

export type Packed = { unsent: number[]; ownParts: OwnParts };

export const toOperation = (
  draft: OperationDraft,
  id: string,
  seq: number,
  { unsent, ownParts }: Packed,
  linedBefore: number,
  nowMs: number,
): Operation => ({
  v: 1,
  id,
  seq,
  lane: draft.lane,
  partner: draft.partner,
  customerId: draft.customerId,
  kind: draft.kind,
  ...(draft.about === undefined ? {} : { about: draft.about }),
  sentAs: draft.sentAs ?? (draft.kind === 'account' ? 'account' : 'upsert'),
  ...(draft.requires === undefined ? {} : { requires: draft.requires }),
  ...(draft.onExisting === undefined ? {} : { onExisting: draft.onExisting }),
  state: 'NotStarted',
  payload: draft.payload,
  ...(ownParts.size === 0 ? {} : { ownParts: [...ownParts.keys()] }),
  view: draft.view,
  requestHash: draft.requestHash,
  ...(draft.idempotencyKey === undefined ? {} : { idempotencyKey: draft.idempotencyKey }),
  ...heldField(heldUntilMs(draft, nowMs)),
  linedBefore,
  counts: countsOf(draft.numbers.length, refusedCount(draft)),
  ...(refusedCount(draft) === 0 ? {} : { refused: refusedCount(draft) }),
  unsent,
  failures: failuresOf(draft.refused),
  createdAt: new Date(nowMs).toISOString(),
});
