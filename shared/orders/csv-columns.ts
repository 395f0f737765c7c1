/** Pure: the headings that an order in CSV may have, and what a cell under each of them says. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import { orderProfile, type OrderProfile } from './model.ts';

type Service = OrderProfile['service'];

/** `path`: where the value stands in the item, as in JSON. `service`: the one that it is about, in the portal's long headings. */
export type Column = { heading: string; path: string; kind: 'text' | 'number' | 'list' | 'flag' | 'enabled'; service?: Service };

const column = (heading: string, path = heading, kind: Column['kind'] = 'text'): Column => ({ heading, path, kind });

const SETTINGS: readonly [string, string, Column['kind']][] = [
  ['usage', 'settings/usage', 'text'],
  ['capabilities', 'settings/capabilities', 'list'],
  ['additionalUsages', 'settings/additionalUsages', 'list'],
  ['civicAddressId', 'settings/emergency/civicAddressId', 'text'],
  ['locationId', 'settings/emergency/locationId', 'text'],
  ['tenantMayUpdate', 'settings/emergency/tenantMayUpdate', 'flag'],
  ['displayedCountryCode', 'settings/displayedCountryCode', 'text'],
  ['assignmentStatus', 'settings/assignmentStatus', 'text'],
];

/** Short ones, and those of ranges. */
const OWN: readonly Column[] = [
  column('telephoneNumber', 'telephoneNumber', 'number'),
  column('customerId'),
  column('reference'),
  column('service', 'settings/service'),
  ...SETTINGS.map(([heading, path, kind]) => column(heading, path, kind)),
  column('customSipHeader', 'settings/customSipHeader'),
  column('Numbers', 'telephoneNumber', 'number'),
  column('from', 'from', 'number'),
  column('to', 'to', 'number'),
];

/** Under these names the portal has what we call otherwise (azure-docs, "Manage an enterprise with the Number Management Portal"). */
const PORTAL_NAMES: Readonly<Record<string, string>> = {
  assignmentStatus: 'assignmentStatus',
  usage: 'configuration_usage',
  capabilities: 'configuration_choosableCapabilities',
  additionalUsages: 'configuration_additionalUsages',
  civicAddressId: 'configuration_civicAddressId',
  locationId: 'configuration_locationId',
  tenantMayUpdate: 'configuration_allowTenantAddressUpdate',
  displayedCountryCode: 'configuration_displayedCountryCode',
};

const ofService = (service: Service): Column[] => [
  { ...column(`serviceDetails_${service}_enabled`, 'settings/service', 'enabled'), service },
  ...SETTINGS.map(([name, path, kind]) => ({ ...column(`serviceDetails_${service}_${PORTAL_NAMES[name] ?? name}`, path, kind), service })),
];

const PORTAL: readonly Column[] = [
  column('accountName'),
  column('configuration_customSipHeader', 'settings/customSipHeader'),
  ...orderProfile.options.flatMap(({ shape }) => ofService(shape.service.value)),
];

/** By heading in small letters: spreadsheets and people are careless about them. */
const byHeading = (): Map<string, Column> => new Map([...OWN, ...PORTAL].map((one) => [one.heading.toLowerCase(), one]));

export type Headings = { outcome: 'read'; columns: Column[] } | { outcome: 'invalid'; problems: ErrorDetail[] };

const problem = (message: string, line: number, place: number): ErrorDetail => ({
  code: 'InvalidCsv',
  message,
  target: `column ${place + 1}`,
  row: line,
});

/** The columns of a file by its first line, which is `line`. */
export const readHeadings = (names: readonly string[], line: number): Headings => {
  const known = byHeading();
  const columns = names.flatMap((name) => known.get(name.toLowerCase()) ?? []);
  const problems = names.flatMap((name, place) => {
    const found = known.get(name.toLowerCase());
    if (!found) return [problem('Unknown heading.', line, place)];
    const twice = names.findIndex((other) => known.get(other.toLowerCase())?.heading === found.heading) < place;
    return twice ? [problem('The heading stands there twice.', line, place)] : [];
  });
  const paths = new Set(columns.map(({ path }) => path));
  const isRanges = paths.has('from') && paths.has('to') && paths.size === 2;
  const isItems = paths.has('telephoneNumber') && !paths.has('from') && !paths.has('to');
  if (problems.length === 0 && !isRanges && !isItems)
    problems.push(problem('Give telephoneNumber or Numbers, or from and to alone.', line, 0));
  return problems.length > 0 ? { outcome: 'invalid', problems } : { outcome: 'read', columns };
};

/** Several values stand in one cell between `;` or `|`. */
const toList = (text: string): string[] =>
  text
    .split(/[;|]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** What a cell that is not empty says, in JSON; what is no flag stays text, for the schema to refuse. */
export const toValue = ({ kind, service }: Column, text: string): unknown => {
  switch (kind) {
    case 'text':
      return text;
    case 'number':
      return /^\d/.test(text) ? `+${text}` : text;
    case 'list':
      return toList(text);
    case 'flag':
      return FLAGS[text.toLowerCase()] ?? text;
    case 'enabled':
      return service;
  }
};
