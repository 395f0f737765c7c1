/** Pure: in which fields what is wanted and what the gateway shows differ; what the gateway may set by itself is no difference. */
import type { NumberState } from '../number-block.ts';
import type { NumberContent } from '../number-content.ts';

/** `field`: a JSON pointer. Absent where one side has nothing there. */
export type FieldDrift = { field: string; ours?: string; upstream?: string };

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).sort().join(' ') : typeof value === 'string' ? value : JSON.stringify(value);

/** Every leaf by its pointer; what says nothing (false, an empty list, null) is as if it were not there. */
const leaves = (value: Json, at = ''): Map<string, string> => {
  const found = new Map<string, string>();
  for (const [name, member] of Object.entries(value)) {
    const field = `${at}/${name}`;
    if (isObject(member)) for (const [inner, text] of leaves(member, field)) found.set(inner, text);
    else if (member !== null && member !== undefined && member !== false && !(Array.isArray(member) && member.length === 0))
      found.set(field, textOf(member));
  }
  return found;
};

const differences = (ours: ReadonlyMap<string, string>, upstream: ReadonlyMap<string, string>): FieldDrift[] =>
  [...new Set([...ours.keys(), ...upstream.keys()])].sort().flatMap((field): FieldDrift[] => {
    const [a, b] = [ours.get(field), upstream.get(field)];
    if (a === b) return [];
    return [{ field, ...(a === undefined ? {} : { ours: a }), ...(b === undefined ? {} : { upstream: b }) }];
  });

const TENANTS_OWN = /\/(civicAddressId|locationId)$/;
const ASSIGNMENT = /\/assignmentStatus$/;

/** A service that is off is as if it were not there, whatever else is said of it. */
const enabledOnly = (content: NumberContent): NumberContent => {
  const { serviceDetails } = content;
  if (!isObject(serviceDetails)) return content;
  const on = Object.entries(serviceDetails).filter(([, service]) => !isObject(service) || service['enabled'] !== false);
  return { ...content, serviceDetails: Object.fromEntries(on) };
};

/** Where the tenant's own administrator may move the address, it is not ours to compare; an assignment counts only where one was asked for. */
export const numberDrift = (ours: NumberContent, upstream: NumberContent): FieldDrift[] => {
  const [a, b] = [leaves(enabledOnly(ours)), leaves(enabledOnly(upstream))];
  const tenantMay = [...a, ...b].some(([field, text]) => field.endsWith('/allowTenantAddressUpdate') && text === 'true');
  return differences(a, b).filter(
    ({ field, ours: wanted }) => !(tenantMay && TENANTS_OWN.test(field)) && !(ASSIGNMENT.test(field) && wanted === undefined),
  );
};

/** Only ends are compared: what is under way says nothing yet. */
export const stateDrift = (ours: NumberState, upstream: NumberState): FieldDrift[] =>
  (ours === 'synced' && upstream === 'failed') || (ours === 'failed' && upstream === 'synced')
    ? [{ field: '/status', ours, upstream }]
    : [];

/** Masked texts cannot be compared. */
const SECRET = /\/txtTokens$/;

/** Two views of an account in the words that customers are kept in. */
export const accountDrift = (ours: Json, upstream: Json): FieldDrift[] =>
  differences(leaves(withoutOff(ours)), leaves(withoutOff(upstream))).filter(({ field }) => !SECRET.test(field));

const withoutOff = (view: Json): Json => {
  const { services } = view;
  if (!isObject(services)) return view;
  return { ...view, services: Object.fromEntries(Object.entries(services).filter(([, one]) => isObject(one) && one['enabled'] === true)) };
};
