/** Pure: a resource's synchronisation state, as upstream shows it, as a verdict. */
import { parseUpstreamError } from '../platform/upstream/errors.ts';
import type { UpstreamError, Verdict } from './model.ts';

export type SeenNumber = { telephoneNumber?: unknown; serviceProvisioningStatus?: unknown; serviceProvisioningErrors?: unknown };

export const upstreamErrors = (value: unknown): UpstreamError[] =>
  Array.isArray(value) ? value.map((item) => parseUpstreamError(item)) : [];

/** A resource's synchronisation state as a verdict. Unknown states are open-ended: keep looking. */
export const syncVerdict = (resource: SeenNumber): Verdict => {
  const status = typeof resource.serviceProvisioningStatus === 'string' ? resource.serviceProvisioningStatus.toLowerCase() : '';
  if (status === 'synced' || status === 'success') return { to: 'succeeded', executed: true };
  if (status !== 'failed') return { to: 'submitted', executed: true };
  const upstream = upstreamErrors(resource.serviceProvisioningErrors);
  return { to: 'failed', executed: true, error: { code: 'UpstreamSyncFailed', upstream } };
};
