/** Pure: items as partners write them -> what each number has of its own beside the settings of its order. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import { areRising } from './allocation.ts';
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
    const known = made.get(settings);
    if (known) return known;
    const fresh = toMade(settingsOver(base, settings));
    made.set(settings, fresh);
    return fresh;
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

/** For each of `numbers` the place where it is named first. */
const firstPlaces = (numbers: readonly string[]): ((place: number) => number) => {
  if (areRising(numbers)) return (place) => place;
  const firstOf = new Map<string, number>();
  const places = numbers.map((number, place) => {
    const first = firstOf.get(number);
    if (first === undefined) firstOf.set(number, place);
    return first ?? place;
  });
  return (place) => places[place] ?? place;
};

/**
 * What the items, which are the last of `numbers`, say of these. The same number twice is a slip, and has what its mentions say together; but not when it
 * is to be two things.
 */
export const toOwnItems = (
  numbers: readonly string[],
  items: readonly OrderItemWish[],
  profiles: ItemProfiles['profiles'],
  base: OrderProfile | undefined,
): { own: OwnItems; problems: ErrorDetail[] } => {
  if (items.length === 0) return { own: [], problems: [] };
  const firstOf = firstPlaces(numbers);
  const before = numbers.length - items.length;
  const own: (OwnItem | undefined)[] = [];
  const problems: ErrorDetail[] = [];
  items.forEach(({ reference }, n) => {
    const first = firstOf(before + n);
    const wanted = profiles[n];
    if (profiles[first - before] !== wanted)
      problems.push({ code: 'DuplicateInOrder', message: 'Named before, with other settings.', target: `/items/${n}/telephoneNumber` });
    const profile = wanted === base ? undefined : wanted;
    if ((profile === undefined && reference === undefined) || own[first]) return;
    own[first] = { ...(profile ? { profile } : {}), ...(reference === undefined ? {} : { reference }) };
  });
  return { own, problems };
};
