/** Pure: an order as it was asked for -> one whose settings are known: the profile that it names looked up, items made numbers with settings of their own. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import type { OrderProfile } from './model.ts';
import type { OrderItemWish } from './order-items.ts';
import type { OrderRequest, OrderWish, ProvisionWish } from './order-request.ts';
import { toItemProfiles, toOwnItems, type ItemProfiles, type OwnItems } from './own-items.ts';

export type ResolvedOrder = {
  request: OrderRequest;
  /** By place in the numbers of `request`; empty where no number has anything of its own. */
  own: OwnItems;
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

const customerProblems = (customerId: string, items: readonly Pick<OrderItemWish, 'customerId'>[]): ErrorDetail[] => {
  const problems: ErrorDetail[] = [];
  items.forEach((item, n) => {
    if (item.customerId !== undefined && item.customerId !== customerId)
      problems.push(problem('InvalidValue', 'An order is for one customer.', `/items/${n}/customerId`));
  });
  return problems;
};

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

/** What all have in common when nothing else is ordered: then it is the order's own. Without a profile the first item's settings are. */
const baseOf = (
  { numbers, ranges }: ProvisionWish,
  profiles: ItemProfiles['profiles'],
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
  const { profiles, problems } = toItemProfiles(items, given);
  const base = baseOf(wish, profiles, given);
  const numbers = items.length === 0 ? wish.numbers : [...wish.numbers, ...items.map(({ telephoneNumber }) => telephoneNumber)];
  const { own, problems: contradictions } = toOwnItems(numbers, items, profiles, base);
  const all = [...customerProblems(wish.customerId, items), ...problems, ...contradictions];
  if (all.length > 0 || !base) return { outcome: 'invalid', problems: all };
  const request: OrderRequest = { ...rest, numbers, profile: base };
  const settingsAt = base !== given ? '/items/0/settings' : profile ? '/profile' : '/profileId';
  const order = { request, own, settingsAt, point: pointFrom(wish.numbers.length) };
  return { outcome: 'resolved', order };
};

const resolveRelease = ({ items = [], ...rest }: Exclude<OrderWish, ProvisionWish>): Resolution => {
  const problems = customerProblems(rest.customerId, items);
  if (problems.length > 0) return { outcome: 'invalid', problems };
  const numbers = [...rest.numbers, ...items.map(({ telephoneNumber }) => telephoneNumber)];
  const { own } = toOwnItems(numbers, items, [], undefined);
  return { outcome: 'resolved', order: { request: { ...rest, numbers }, own, settingsAt: '', point: pointFrom(rest.numbers.length) } };
};

/** `named`: the profile with the wish's `profileId`. Everything wrong with the settings is told at once; the numbers are `expand.ts`'s to judge. */
export const resolveOrder = (wish: OrderWish, named: OrderProfile | undefined): Resolution =>
  wish.action === 'release' ? resolveRelease(wish) : resolveProvision(wish, named);
