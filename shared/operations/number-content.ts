/** Pure: what of a number may be written, in one form whoever says it, so that two of them can be compared; and its state as upstream shows it. */
import type { NumberState } from './number-block.ts';
import { asResource, type Resource } from './resource.ts';

/** What a number is to be: `serviceDetails` and `configuration` in upstream's form, its read-only and empty parts left out. */
export type NumberContent = Record<string, unknown>;

/** Sent by upstream alone (azure-rest-api-specs voiceservices 2024-02-29-preview, `@visibility("read")`). */
const READ_ONLY = new Set(['acquiredCapabilities', 'availableCapabilities', 'serviceProvisioningStatus', 'serviceProvisioningErrors']);

const isObject = (value: unknown): value is Resource => typeof value === 'object' && value !== null && !Array.isArray(value);

const writable = (value: Resource): Resource =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
      if (READ_ONLY.has(name) || member === null || member === undefined) return [];
      if (!isObject(member)) return [[name, member]];
      const inner = writable(member);
      return Object.keys(inner).length === 0 ? [] : [[name, inner]];
    }),
  );

/** The writable part of a number as upstream shows it. */
export const toContent = (resource: Resource): NumberContent => {
  const { serviceDetails, configuration } = resource;
  return writable({ serviceDetails: asResource(serviceDetails), configuration: asResource(configuration) });
};

/** What upstream's word for its synchronisation means; unknown words mean that it is under way. */
export const toNumberState = ({ serviceProvisioningStatus: status }: Resource): NumberState => {
  const word = typeof status === 'string' ? status.toLowerCase() : 'synced';
  if (word === 'synced' || word === 'success') return 'synced';
  return word === 'failed' ? 'failed' : 'pending';
};
