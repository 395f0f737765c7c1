/** Which numbers of which orders have a content of their own: drawn from their names alone, so that the judge needs nothing of what is stored. */
import { createHash } from 'node:crypto';
import type { OperationDraft } from '../../shared/operations/operation-draft.ts';

const drawn = (text: string): number => createHash('sha256').update(text).digest()[0] ?? 0;

/** Of 256 orders. */
const ORDERS_WITH_OWN = 90;
const CHOICES = 4;

/** The tag that upstream is to hold for this number of the order. */
export const wantedTag = (tag: string, digits: string): string => {
  if (drawn(`own ${tag}`) >= ORDERS_WITH_OWN) return tag;
  const choice = drawn(`own ${tag} ${digits}`) % CHOICES;
  return choice === 0 ? tag : `${tag}~${choice}`;
};

/** What the draft of such an order says of its numbers; some have a name of their own as well. */
export const ownContent = (tag: string, numbers: readonly string[]): Pick<OperationDraft, 'own'> => {
  const patches = new Map<string, Record<string, unknown>>();
  const payloads = new Map<number, Record<string, unknown>>();
  for (const [place, digits] of numbers.entries()) {
    const own = wantedTag(tag, digits);
    const patch = patches.get(own) ?? { serviceDetails: { tag: own } };
    patches.set(own, patch);
    if (own !== tag) payloads.set(place, patch);
  }
  const references = new Map([...payloads.keys()].filter((place) => place % 2 === 0).map((place) => [place, `ref ${place}`]));
  return payloads.size === 0 ? {} : { own: { payloads, references } };
};
