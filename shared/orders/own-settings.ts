/** Pure: the settings of one number, made of the order's profile and what the number has of its own. */
import type { ErrorDetail } from '../platform/errors/app-error.ts';
import { adviceFor } from './item-advice.ts';
import { orderProfile, type OrderProfile } from './model.ts';
import type { ItemSettings } from './order-items.ts';

export type OwnSettings = { outcome: 'made'; profile: OrderProfile } | { outcome: 'invalid'; problems: ErrorDetail[] };

/** The gateway adds no header of its own to their calls. */
const WITHOUT_HEADER: readonly OrderProfile['service'][] = ['teamsPhoneMobile', 'azureOperatorCallProtection'];

type Members = Record<string, unknown>;
type Emergency = Extract<OrderProfile, { usage: string }>['emergency'];

const required = (target: string): ErrorDetail => ({ code: 'Required', message: 'Required.', target });

/** A location belongs to its address: who names another address gives up the location of the first. */
const emergencyOver = (base: Emergency, own: ItemSettings['emergency']): Emergency => {
  if (!own) return base;
  const civicAddressId = own.civicAddressId ?? base?.civicAddressId;
  const locationId = own.locationId ?? (own.civicAddressId === undefined ? base?.locationId : undefined);
  return {
    ...(civicAddressId === undefined ? {} : { civicAddressId }),
    ...(locationId === undefined ? {} : { locationId }),
    tenantMayUpdate: own.tenantMayUpdate ?? base?.tenantMayUpdate ?? false,
  };
};

/** The settings of `own` over those of `base`, in the order of the profile's own members so that equal settings are spelled alike. */
export const settingsOver = (base: OrderProfile | undefined, own: ItemSettings): OwnSettings => {
  const service = own.service ?? base?.service;
  if (service === undefined) return { outcome: 'invalid', problems: [required('/service')] };
  if (base && service !== base.service) {
    const message = 'An order is for one service.';
    return { outcome: 'invalid', problems: [{ code: 'InvalidValue', message, target: '/service' }] };
  }
  const shape = orderProfile.options.find((option) => option.shape.service.value === service)?.shape ?? {};
  const emergency = emergencyOver(base && 'emergency' in base ? base.emergency : undefined, own.emergency);
  const wanted: Members = { ...base, ...own, service, ...(emergency === undefined ? {} : { emergency }) };
  const problems = [
    ...Object.keys(wanted)
      .filter((key) => !(key in shape))
      .map((key): ErrorDetail => ({ code: 'UnknownProperty', message: `Not a setting of ${service}.`, target: `/${key}` })),
    ...['usage', 'capabilities'].filter((key) => key in shape && wanted[key] === undefined).map((key) => required(`/${key}`)),
  ];
  if (wanted['customSipHeader'] !== undefined && WITHOUT_HEADER.includes(service) && 'customSipHeader' in shape)
    problems.push({ code: 'CustomHeaderNotSupported', message: adviceFor('CustomHeaderNotSupported').message, target: '/customSipHeader' });
  if (problems.length > 0) return { outcome: 'invalid', problems };
  const profile = Object.fromEntries(Object.keys(shape).flatMap((key) => (wanted[key] === undefined ? [] : [[key, wanted[key]]])));
  return { outcome: 'made', profile: profile as OrderProfile };
};
