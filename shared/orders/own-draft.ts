/** Pure: what numbers of an order have of their own, as the engine takes it. */
import { patchBetween } from '../platform/values/merge-patch.ts';
import type { OrderProfile } from './model.ts';
import type { OrderDraft } from './ports.ts';
import type { ResolvedOrder } from './resolve-order.ts';
import { toUpstreamNumber } from './translate.ts';

/** For each of `numbers` its place among those that are left of them when each stands only once; undefined for repeats. */
const placesOf = (numbers: readonly string[]): (number | undefined)[] => {
  const seen = new Set<string>();
  return numbers.map((number) => {
    const before = seen.size;
    return seen.add(number).size === before ? undefined : before;
  });
};

/** By the places that `expand` gives to the order's numbers. */
export const toOwnDraft = ({ request, own }: Pick<ResolvedOrder, 'request' | 'own'>, hasRepeats: boolean): Pick<OrderDraft, 'own'> => {
  if (own.length === 0) return {};
  const payload = request.action === 'provision' ? toUpstreamNumber(request.profile) : {};
  const patches = new Map<OrderProfile, Record<string, unknown>>();
  const patchFor = (profile: OrderProfile): Record<string, unknown> => {
    const patch = patches.get(profile) ?? patchBetween(payload, toUpstreamNumber(profile));
    patches.set(profile, patch);
    return patch;
  };
  const places = hasRepeats ? placesOf(request.numbers) : undefined;
  const payloads = new Map<number, Record<string, unknown>>();
  const references = new Map<number, string>();
  own.forEach((item, n) => {
    const place = places ? places[n] : n;
    if (!item || place === undefined) return;
    if (item.profile) payloads.set(place, patchFor(item.profile));
    if (item.reference !== undefined) references.set(place, item.reference);
  });
  return { own: { payloads, references } };
};
