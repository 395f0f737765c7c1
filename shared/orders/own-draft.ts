/** Pure: what numbers of an order have of their own, as the engine takes it. */
import { patchBetween } from '../platform/values/merge-patch.ts';
import type { OrderProfile } from './model.ts';
import type { OrderDraft } from './ports.ts';
import type { OwnItem } from './resolve-order.ts';
import { toUpstreamNumber } from './translate.ts';

/** `digits` as `expand` gave them: without the plus, and what is no number as it was written. `base`: the order's own settings. */
export const toOwnDraft = (
  own: ReadonlyMap<string, OwnItem>,
  digits: readonly string[],
  base: OrderProfile | undefined,
): Pick<OrderDraft, 'own'> => {
  if (own.size === 0) return {};
  const payload = base ? toUpstreamNumber(base) : {};
  const patches = new Map<OrderProfile, Record<string, unknown>>();
  const patchFor = (profile: OrderProfile): Record<string, unknown> => {
    const patch = patches.get(profile) ?? patchBetween(payload, toUpstreamNumber(profile));
    patches.set(profile, patch);
    return patch;
  };
  const payloads = new Map<number, Record<string, unknown>>();
  const references = new Map<number, string>();
  digits.forEach((one, place) => {
    const item = own.get(`+${one}`) ?? own.get(one);
    if (item?.profile) payloads.set(place, patchFor(item.profile));
    if (item?.reference !== undefined) references.set(place, item.reference);
  });
  return { own: { payloads, references } };
};
