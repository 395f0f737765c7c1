/** Pure: items of an order that say more of a number than its digits, as partners send them: up to 10,000, so the usual ones are looked at by hand. */
import { z } from 'zod';
import { CUSTOMER_ID } from '../platform/ids/id-patterns.ts';
import { SERVICES } from '../platform/upstream/services.ts';
import { checkedList } from '../platform/values/checked-list.ts';
import { name, names, SIP_HEADER, sipHeader } from './model.ts';

const ASSIGNMENTS = ['assigned', 'unassigned'] as const;
const MAX_TEXT = 100;
const MAX_NAMES = 50;
const MAX_COUNTRY = 10;

const itemSettings = z
  .strictObject({
    service: z.enum(SERVICES).optional(),
    usage: name.optional(),
    capabilities: names.optional(),
    additionalUsages: names.optional(),
    emergency: z
      .strictObject({ civicAddressId: name.optional(), locationId: name.optional(), tenantMayUpdate: z.boolean().optional() })
      .optional(),
    displayedCountryCode: z.string().min(1).max(MAX_COUNTRY).optional(),
    assignmentStatus: z.enum(ASSIGNMENTS).optional(),
    customSipHeader: sipHeader.optional(),
  })
  .describe('What this number has of its own; the rest is as in the profile of the order. Without a profile: all of it, and its service.')
  .meta({ id: 'ItemSettings' });
export type ItemSettings = z.output<typeof itemSettings>;

const orderItem = z
  .strictObject({
    telephoneNumber: z.string(),
    customerId: z.string().regex(CUSTOMER_ID).optional().describe('That of the order, if it is said again.'),
    settings: itemSettings.optional(),
    reference: z.string().min(1).max(MAX_TEXT).optional().describe('A name of your own, given back with the result.'),
  })
  .meta({ id: 'OrderItemRequest' });
export type OrderItemWish = z.output<typeof orderItem>;

/** Releasing takes no settings. */
const releaseItem = orderItem.omit({ settings: true }).meta({ id: 'ReleaseItemRequest' });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, max = MAX_TEXT): boolean => typeof value === 'string' && value.length > 0 && value.length <= max;
const isNames = (value: unknown): boolean => Array.isArray(value) && value.length <= MAX_NAMES && value.every((one) => isText(one));
const isOneOf = (value: unknown, values: readonly string[]): boolean => typeof value === 'string' && values.includes(value);

type Checks = Readonly<Record<string, (value: unknown) => boolean>>;

const holds = (value: unknown, checks: Checks): boolean => {
  if (!isObject(value)) return false;
  for (const key in value) if (!Object.hasOwn(checks, key) || checks[key]?.(value[key]) !== true) return false;
  return true;
};

const EMERGENCY: Checks = { civicAddressId: isText, locationId: isText, tenantMayUpdate: (value) => typeof value === 'boolean' };
const SETTINGS: Checks = {
  service: (value) => isOneOf(value, SERVICES),
  usage: (value) => isText(value),
  capabilities: isNames,
  additionalUsages: isNames,
  emergency: (value) => holds(value, EMERGENCY),
  displayedCountryCode: (value) => isText(value, MAX_COUNTRY),
  assignmentStatus: (value) => isOneOf(value, ASSIGNMENTS),
  customSipHeader: (value) => typeof value === 'string' && SIP_HEADER.test(value),
};
const RELEASED: Checks = {
  telephoneNumber: (value) => typeof value === 'string',
  customerId: (value) => typeof value === 'string' && CUSTOMER_ID.test(value),
  reference: (value) => isText(value),
};
/** Items of one site mostly share one settings object, which is looked at once. */
const makeProvisioned = (): Checks => {
  const held = new Set<unknown>();
  return {
    ...RELEASED,
    settings: (value) => {
      if (held.has(value)) return true;
      const isHeld = holds(value, SETTINGS);
      if (isHeld) held.add(value);
      return isHeld;
    },
  };
};

/** Whether an item is surely in order. What is not is looked at by its schema, which has the last word and the words for it. */
const isPlainBy =
  (checks: Checks) =>
  (item: unknown): boolean =>
    holds(item, checks) && (item as Record<string, unknown>)['telephoneNumber'] !== undefined;

/** As they are checked. */
export const checkedItems = {
  provision: checkedList(orderItem, () => isPlainBy(makeProvisioned())),
  release: checkedList(releaseItem, () => isPlainBy(RELEASED)),
};
/** The same rules as the API document shows them. */
export const documentedItems = { provision: z.array(orderItem), release: z.array(releaseItem) };
