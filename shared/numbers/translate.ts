/** Pure: a number in upstream's words -> in the partner's. */
import { etagOf } from '../platform/http/etag.ts';
import { SERVICES } from '../platform/upstream/services.ts';
import type { NumberBody, NumberServiceBody, NumberStatus } from './model.ts';
import type { NumberNow } from './ports.ts';

const STATUS: Readonly<Record<NumberNow['state'], NumberStatus>> = {
  pending: 'Pending',
  synced: 'Succeeded',
  failed: 'Failed',
  leaving: 'Releasing',
  unsure: 'Unknown',
};

export const statusOf = ({ state }: Pick<NumberNow, 'state'>): NumberStatus => STATUS[state];

type Json = Record<string, unknown>;
const objectIn = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {});
const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const flagIn = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
const textsIn = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;

/** Without what is not there: absent instead of null. */
const defined = <T extends Json>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };

const toService = (details: Json): NumberServiceBody => {
  const configuration = objectIn(details['configuration']);
  const emergency = defined({
    civicAddressId: textIn(configuration['civicAddressId']),
    locationId: textIn(configuration['locationId']),
    tenantMayUpdate: flagIn(configuration['allowTenantAddressUpdate']),
  });
  return {
    enabled: details['enabled'] === true,
    ...defined({
      assignmentStatus: textIn(details['assignmentStatus']),
      usage: textIn(configuration['usage']),
      capabilities: textsIn(configuration['choosableCapabilities']),
      additionalUsages: textsIn(configuration['additionalUsages']),
      acquiredCapabilities: textsIn(details['acquiredCapabilities']),
      availableCapabilities: textsIn(details['availableCapabilities']),
      displayedCountryCode: textIn(configuration['displayedCountryCode']),
    }),
    ...(Object.keys(emergency).length === 0 ? {} : { emergency }),
  };
};

const toServices = (content: Json): NumberBody['services'] => {
  const details = objectIn(content['serviceDetails']);
  return Object.fromEntries(
    SERVICES.filter((name) => objectIn(details[name])['enabled'] !== undefined).map((name) => [name, toService(objectIn(details[name]))]),
  );
};

const toErrors = ({ error }: NumberNow): NumberBody['errors'] => {
  if (!error) return [];
  return error.upstream && error.upstream.length > 0 ? error.upstream : [{ code: error.code, message: 'The gateway refused the number.' }];
};

/** Its ETag leaves out when it was looked at. */
export const toNumberBody = (number: NumberNow, customerId: string): NumberBody => {
  const body = {
    telephoneNumber: `+${number.digits}`,
    customerId,
    status: statusOf(number),
    errors: toErrors(number),
    services: toServices(number.content),
    ...defined({
      customSipHeader: textIn(objectIn(number.content['configuration'])['customSipHeader']),
      lastOrderId: number.operationId,
    }),
  };
  return { ...body, checkedAt: number.checkedAt, etag: etagOf(body) };
};
