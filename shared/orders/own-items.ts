/** Pure: items as partners write them -> what each number has of its own beside the settings of its order. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import type { OrderProfile } from './model.ts';
import type { ItemSettings, OrderItemWish } from './order-items.ts';
import { settingsOver, type OwnSettings } from './own-settings.ts';

/** What one number has of its own. Equal profiles of one order are one object. */
export type OwnItem = { profile?: OrderProfile; reference?: string };

/** By the place of a number's first mention. */
export type OwnItems = readonly (OwnItem | undefined)[];

/** Settings over those of the order; undefined: the order's own. */
export type ItemProfiles = { profiles: (OrderProfile | undefined)[]; problems: ErrorDetail[] };

type Made = { profile: OrderProfile | undefined; problems: ErrorDetail[] };

/** Makes the profile of each settings object once; profiles that are spelled alike are one object, undefined where that is `base`. */
const makeProfiles = (base: OrderProfile | undefined): ((settings: ItemSettings) => Made) => {
  const distinct = new Map<string, OrderProfile | undefined>(base ? [[JSON.stringify(base), undefined]] : []);
  const made = new Map<ItemSettings, Made>();
  const toMade = (own: OwnSettings): Made => {
    if (own.outcome === 'invalid') return { profile: undefined, problems: own.problems };
    const text = JSON.stringify(own.profile);
    if (!distinct.has(text)) distinct.set(text, own.profile);
    return { profile: distinct.get(text), problems: [] };
  };
  return (settings) => {
    const known = made.get(settings) ?? toMade(settingsOver(base, settings));
    made.set(settings, known);
    return known;
  };
};

export const toItemProfiles = (items: readonly OrderItemWish[], base: OrderProfile | undefined): ItemProfiles => {
  const profileOf = makeProfiles(base);
  const problems: ErrorDetail[] = [];
  const profiles = items.map(({ settings }, n) => {
    if (!settings) return undefined;
    const own = profileOf(settings);
    for (const one of own.problems) problems.push({ ...one, target: `/items/${n}/settings${one.target ?? ''}` });
    return own.profile;
  });
  return { profiles, problems };
};

/**
 * What the items add to `numbers`, which they follow. The same number twice is a slip, and has what its mentions say together; but not when it
 * is to be two things.
 */
export const toOwnItems = (
  numbers: readonly string[],
  items: readonly OrderItemWish[],
  profiles: ItemProfiles['profiles'],
  base: OrderProfile | undefined,
): { own: OwnItems; problems: ErrorDetail[] } => {
  if (items.length === 0) return { own: [], problems: [] };
  const firstOf = new Map<string, number>();
  numbers.forEach((number, place) => {
    if (!firstOf.has(number)) firstOf.set(number, place);
  });
  const own: (OwnItem | undefined)[] = [];
  const problems: ErrorDetail[] = [];
  items.forEach(({ telephoneNumber, reference }, n) => {
    const place = numbers.length + n;
    const first = firstOf.get(telephoneNumber) ?? place;
    if (first === place) firstOf.set(telephoneNumber, place);
    const wanted = profiles[n];
    if (profiles[first - numbers.length] !== wanted)
      problems.push({ code: 'DuplicateInOrder', message: 'Named before, with other settings.', target: `/items/${n}/telephoneNumber` });
    const profile = wanted === base ? undefined : wanted;
    if ((profile === undefined && reference === undefined) || own[first]) return;
    own[first] = { ...(profile ? { profile } : {}), ...(reference === undefined ? {} : { reference }) };
  });
  return { own, problems };
};
