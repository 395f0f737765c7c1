/** Pure: what items of an operation have of their own beside its payload: settings, each distinct one once, and the partner's references. */
import { patched } from '../platform/values/merge-patch.ts';
import { SEGMENT_NUMBERS, type Member, type Operation } from './model.ts';

/** Items in a row: a batch reads one or two rows, and no row comes near a table row's limit. */
export const OWN_PART_ITEMS = 250;

type Payload = Operation['payload'];

/** Row `own|<lane>|<operation id>|<part>`. Never changes; parts in which nobody has anything of its own have no row. */
export type OwnPart = {
  v: 1;
  /** Over the operation's payload, as a merge patch (RFC 7396). */
  payloads: Payload[];
  /** For each item 0, or the place of its payload plus one. */
  payloadOf: number[];
  /** By place in the part. */
  references: Record<string, string>;
};

/** By part. */
export type OwnParts = ReadonlyMap<number, OwnPart>;
export const NOTHING_OWN: OwnParts = new Map();

/** What items have of their own, by their places in the operation; equal payloads are one and the same object. */
export type OwnDraft = { payloads: ReadonlyMap<number, Payload>; references: ReadonlyMap<number, string> };

/** Where an item lives. */
export type ItemPlace = Pick<Member, 'seg' | 'item'>;

const placeOf = ({ seg, item }: ItemPlace): number => seg * SEGMENT_NUMBERS + item;
export const placeAt = (place: number): ItemPlace => ({ seg: Math.floor(place / SEGMENT_NUMBERS), item: place % SEGMENT_NUMBERS });
/** Of the rows with own settings, the one that holds this item. */
export const partOf = (place: ItemPlace): number => Math.floor(placeOf(place) / OWN_PART_ITEMS);
/** The segment in which that row begins. */
export const segmentOfPart = (part: number): number => Math.floor((part * OWN_PART_ITEMS) / SEGMENT_NUMBERS);

const toPart = ({ payloads, references }: OwnDraft, first: number, items: number): OwnPart | undefined => {
  const distinct = new Map<Payload, number>();
  const kept: OwnPart = { v: 1, payloads: [], payloadOf: [], references: {} };
  for (let item = 0; item < items; item++) {
    const payload = payloads.get(first + item);
    if (payload && !distinct.has(payload)) distinct.set(payload, distinct.size + 1);
    kept.payloadOf.push(payload ? (distinct.get(payload) ?? 0) : 0);
    const reference = references.get(first + item);
    if (reference !== undefined) kept.references[item] = reference;
  }
  const isEmpty = distinct.size === 0 && Object.keys(kept.references).length === 0;
  return isEmpty ? undefined : { ...kept, payloads: [...distinct.keys()] };
};

/** The parts of an operation of `total` items in which somebody has something of its own. */
export const toOwnParts = (own: OwnDraft | undefined, total: number): OwnParts => {
  if (!own || own.payloads.size + own.references.size === 0) return NOTHING_OWN;
  const parts = new Map<number, OwnPart>();
  for (let first = 0; first < total; first += OWN_PART_ITEMS) {
    const part = toPart(own, first, Math.min(OWN_PART_ITEMS, total - first));
    if (part) parts.set(first / OWN_PART_ITEMS, part);
  }
  return parts;
};

const ownAt = (parts: OwnParts, place: ItemPlace): { part: OwnPart | undefined; at: number } => ({
  part: parts.get(partOf(place)),
  at: placeOf(place) % OWN_PART_ITEMS,
});

/** What is to be sent of this item, its own settings over the operation's. Throws when the row that has them was not read. */
export const payloadAt = (operation: Pick<Operation, 'payload' | 'ownParts'>, parts: OwnParts, place: ItemPlace): Payload => {
  const { part, at } = ownAt(parts, place);
  if (!part && operation.ownParts?.includes(partOf(place))) throw new Error(`part ${partOf(place)} of an operation was not read`);
  const own = part?.payloads[(part.payloadOf[at] ?? 0) - 1];
  return own ? patched(operation.payload, own) : operation.payload;
};

/** The partner's own name for this item, where it gave one. */
export const referenceAt = (parts: OwnParts, place: ItemPlace): string | undefined => {
  const { part, at } = ownAt(parts, place);
  return part?.references[at];
};
