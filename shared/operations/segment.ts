/** Pure: packs an operation's items into segments and changes them. */
import { bytesOf } from './error-texts.ts';
import { SEGMENT_NUMBERS, type ItemError, type ItemState, type Segment } from './model.ts';

const LETTERS: Record<ItemState, string> = {
  pending: 'p',
  submitted: 's',
  succeeded: 'S',
  failed: 'F',
  superseded: 'o',
  skipped: 'k',
  canceled: 'c',
};
const STATES = new Map(Object.entries(LETTERS).map(([state, letter]) => [letter, state as ItemState]));

/** A letter that is not known, as a later version may write it, counts as pending. */
export const stateOf = (segment: Segment, item: number): ItemState => STATES.get(segment.states.charAt(item)) ?? 'pending';

export const errorOf = (segment: Segment, item: number): ItemError | undefined => {
  const at = segment.errorOf[item];
  return at === undefined ? undefined : segment.errors[at];
};

const isSame = (a: ItemError, b: ItemError): boolean =>
  a.code === b.code && a.at === b.at && (a.upstream === b.upstream || JSON.stringify(a.upstream) === JSON.stringify(b.upstream));

/** The segment with one item moved; an error is stored once however many items share it. */
export const withItem = (segment: Segment, item: number, state: ItemState, error?: ItemError): Segment => {
  const states = segment.states.slice(0, item) + LETTERS[state] + segment.states.slice(item + 1);
  if (!error) return { ...segment, states };
  const known = segment.errors.findIndex((e) => isSame(e, error));
  const errors = known === -1 ? [...segment.errors, error] : segment.errors;
  return { ...segment, states, errors, errorOf: { ...segment.errorOf, [item]: known === -1 ? errors.length - 1 : known } };
};

/** Segments of at most 1,000 items, all pending but those that fail with the codes in `refused`, by their places in `numbers`. */
export const toSegments = (numbers: readonly string[], refused: Readonly<Record<number, string>> = {}): Segment[] => {
  const parts = Array.from({ length: Math.ceil(numbers.length / SEGMENT_NUMBERS) }, (_, n) =>
    numbers.slice(n * SEGMENT_NUMBERS, (n + 1) * SEGMENT_NUMBERS),
  );
  const segments = parts.map((part): Segment => ({
    v: 1,
    numbers: part,
    states: LETTERS.pending.repeat(part.length),
    errors: [],
    errorOf: {},
  }));
  for (const [place, code] of Object.entries(refused)) {
    const [seg, item] = [Math.floor(Number(place) / SEGMENT_NUMBERS), Number(place) % SEGMENT_NUMBERS];
    const segment = segments[seg];
    if (segment) segments[seg] = withItem(segment, item, 'failed', { code });
  }
  return segments;
};

export const pendingItems = ({ states }: Segment): number => states.split(LETTERS.pending).length - 1;

/** Whether the segment has room for the texts of `error` beside those it holds, or holds them already. */
export const hasRoomFor = (segment: Segment, error: ItemError, bytes: number): boolean => {
  if (error.at !== undefined || segment.errors.some((e) => isSame(e, error))) return true;
  const held = segment.errors.reduce((sum, e) => sum + (e.at === undefined ? bytesOf(e) : 0), 0);
  return held + bytesOf(error) <= bytes;
};
