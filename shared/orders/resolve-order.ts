/** Pure: an order as it was asked for -> one whose settings are known: the profile that it names looked up, items made numbers with settings of their own. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import type { OrderProfile } from './model.ts';
import type { OrderItemWish } from './order-items.ts';
import type { OrderRequest, OrderWish, ProvisionWish } from './order-request.ts';
import { settingsOver, type OwnSettings } from './own-settings.ts';

/** What one number has of its own. Equal profiles of one order are one object. */
export type OwnItem = { profile?: OrderProfile; reference?: string };

export type ResolvedOrder = {
  request: OrderRequest;
  /** By the number as it was written. */
  own: ReadonlyMap<string, OwnItem>;
  /** Where the settings that all have stand in what the partner wrote. */
  settingsAt: string;
  /** A problem of a number of `request`, told of the place in which the partner wrote that number. */
  point: (detail: ErrorDetail) => ErrorDetail;
};

export type Resolution = { outcome: 'resolved'; order: ResolvedOrder } | { outcome: 'invalid'; problems: ErrorDetail[] };

const NUMBER = /^\/numbers\/(\d+)$/;

/** Items stand behind the numbers. */
const pointFrom =
  (numbers: number): ResolvedOrder['point'] =>
  (detail) => {
    if (detail.target?.startsWith('/profileId')) return { ...detail, target: '/profileId' };
    const at = Number(NUMBER.exec(detail.target ?? '')?.[1] ?? -1);
    return at < numbers ? detail : { ...detail, target: `/items/${at - numbers}/telephoneNumber` };
  };

const problem = (code: string, message: string, target: string): ErrorDetail => ({ code, message, target });

const customerProblems = (customerId: string, items: readonly Pick<OrderItemWish, 'customerId'>[]): ErrorDetail[] =>
  items.flatMap((item, n) =>
    item.customerId === undefined || item.customerId === customerId
      ? []
      : [problem('InvalidValue', 'An order is for one customer.', `/items/${n}/customerId`)],
  );

/** The profile that the order names, in whichever way; undefined where its items have to say everything. */
const profileProblems = (
  { profile, profileId, numbers, ranges, items = [] }: ProvisionWish,
  named: OrderProfile | undefined,
): ErrorDetail[] => {
  if (profile && profileId !== undefined) return [problem('InvalidValue', 'Give profile or profileId, not both.', '/profileId')];
  if (profileId !== undefined && !named) return [problem('ProfileNotFound', 'There is no such profile.', '/profileId')];
  if (profile || named) return [];
  const needed = numbers.length + ranges.length > 0 || items.some(({ settings }) => settings?.service === undefined);
  return needed ? [problem('Required', 'profile or profileId is required.', '/profileId')] : [];
};

/** Settings by their spelling, so that each distinct one is made once. */
const makeSettings = (base: OrderProfile | undefined) => {
  const made = new Map<string, OwnSettings>();
  return (settings: OrderItemWish['settings']): OwnSettings | undefined => {
    if (!settings) return undefined;
    const key = JSON.stringify(settings);
    const known = made.get(key) ?? settingsOver(base, settings);
    made.set(key, known);
    return known;
  };
};

type ItemsRead = { profiles: (OrderProfile | undefined)[]; problems: ErrorDetail[] };

/** The settings of each item, undefined where it has the order's; equal ones are one object. */
const readItems = (items: readonly OrderItemWish[], base: OrderProfile | undefined): ItemsRead => {
  const settingsOf = makeSettings(base);
  const distinct = new Map<string, OrderProfile | undefined>(base ? [[JSON.stringify(base), undefined]] : []);
  const spelled = new Map<OrderProfile, string>();
  const problems: ErrorDetail[] = [];
  const profiles = items.map(({ settings }, n): OrderProfile | undefined => {
    const own = settingsOf(settings);
    if (own?.outcome === 'invalid')
      problems.push(...own.problems.map((one) => ({ ...one, target: `/items/${n}/settings${one.target ?? ''}` })));
    if (own?.outcome !== 'made') return undefined;
    const text = spelled.get(own.profile) ?? JSON.stringify(own.profile);
    spelled.set(own.profile, text);
    if (!distinct.has(text)) distinct.set(text, own.profile);
    return distinct.get(text);
  });
  return { profiles, problems };
};

/** The same number twice is a slip, but not when it is to be two things. */
const contradictions = (numbers: readonly string[], items: readonly OrderItemWish[], profiles: ItemsRead['profiles']): ErrorDetail[] => {
  const seen = new Map<string, OrderProfile | undefined>(numbers.map((number) => [number, undefined]));
  return items.flatMap(({ telephoneNumber }, n) => {
    if (!seen.has(telephoneNumber)) seen.set(telephoneNumber, profiles[n]);
    return seen.get(telephoneNumber) === profiles[n]
      ? []
      : [problem('DuplicateInOrder', 'Named before, with other settings.', `/items/${n}/telephoneNumber`)];
  });
};

const ownOf = (items: readonly OrderItemWish[], profiles: ItemsRead['profiles'], base: OrderProfile): Map<string, OwnItem> => {
  const own = new Map<string, OwnItem>();
  items.forEach(({ telephoneNumber, reference }, n) => {
    const profile = profiles[n] === base ? undefined : profiles[n];
    if ((profile === undefined && reference === undefined) || own.has(telephoneNumber)) return;
    own.set(telephoneNumber, { ...(profile ? { profile } : {}), ...(reference === undefined ? {} : { reference }) });
  });
  return own;
};

/** What all have in common when nothing else is ordered: then it is the order's own. Without a profile the first item's settings are. */
const baseOf = (
  { numbers, ranges }: ProvisionWish,
  profiles: ItemsRead['profiles'],
  base: OrderProfile | undefined,
): OrderProfile | undefined => {
  const [first] = profiles;
  const isShared = numbers.length + ranges.length === 0 && first !== undefined && profiles.every((profile) => profile === first);
  return isShared ? first : (base ?? first);
};

const resolveProvision = (wish: ProvisionWish, named: OrderProfile | undefined): Resolution => {
  const { items = [], profile, ...rest } = wish;
  const given = profile ?? named;
  const missing = profileProblems(wish, named);
  if (missing.length > 0) return { outcome: 'invalid', problems: [...missing, ...customerProblems(wish.customerId, items)] };
  const { profiles, problems } = readItems(items, given);
  const all = [...customerProblems(wish.customerId, items), ...problems, ...contradictions(wish.numbers, items, profiles)];
  const base = baseOf(wish, profiles, given);
  if (all.length > 0 || !base) return { outcome: 'invalid', problems: all };
  const numbers = items.length === 0 ? wish.numbers : [...wish.numbers, ...items.map(({ telephoneNumber }) => telephoneNumber)];
  const request: OrderRequest = { ...rest, numbers, profile: base };
  const settingsAt = base !== given ? '/items/0/settings' : profile ? '/profile' : '/profileId';
  const order = { request, own: ownOf(items, profiles, base), settingsAt, point: pointFrom(wish.numbers.length) };
  return { outcome: 'resolved', order };
};

const resolveRelease = ({ items = [], ...rest }: Exclude<OrderWish, ProvisionWish>): Resolution => {
  const problems = customerProblems(rest.customerId, items);
  if (problems.length > 0) return { outcome: 'invalid', problems };
  const own = new Map<string, OwnItem>();
  for (const { telephoneNumber, reference } of items)
    if (reference !== undefined && !own.has(telephoneNumber)) own.set(telephoneNumber, { reference });
  const numbers = [...rest.numbers, ...items.map(({ telephoneNumber }) => telephoneNumber)];
  return { outcome: 'resolved', order: { request: { ...rest, numbers }, own, settingsAt: '', point: pointFrom(rest.numbers.length) } };
};

/** `named`: the profile with the wish's `profileId`. Everything wrong with the settings is told at once; the numbers are `expand.ts`'s to judge. */
export const resolveOrder = (wish: OrderWish, named: OrderProfile | undefined): Resolution =>
  wish.action === 'release' ? resolveRelease(wish) : resolveProvision(wish, named);
