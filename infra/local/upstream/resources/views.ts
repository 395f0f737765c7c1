/** Turns records into the bodies that the API answers, read-only members included; pure. */
import type { Settings } from '../settings.ts';
import type { AccountRecord, NumberRecord, RfiRecord } from './records.ts';
import { SERVICES, TENANT_SERVICES, type Service } from './services.ts';
import type { SyncState } from './sync-state.ts';

export type NumberCounts = Record<Service, number>;

/** Keys without a value leave no trace in the JSON. */
const provisioning = (state: SyncState, noErrorsAs: Settings['noErrorsAs']): Record<string, unknown> => {
  const silent = { empty: { serviceProvisioningErrors: [] }, null: { serviceProvisioningErrors: null }, absent: {} }[noErrorsAs];
  return { serviceProvisioningStatus: state.status, ...(state.errors.length ? { serviceProvisioningErrors: state.errors } : silent) };
};

export const toAccountBody = (record: AccountRecord, counts: NumberCounts, settings: Settings): Record<string, unknown> => {
  const { serviceDetails, ...rest } = record.content;
  const provisioned = provisioning(record.state, settings.noErrorsAs);
  if (!serviceDetails) return { ...rest, ...provisioned };
  const details: Record<string, unknown> = { teamsTenantId: serviceDetails.teamsTenantId };
  for (const service of SERVICES) {
    const written = serviceDetails[service];
    if (written) details[service] = { ...written, numberCount: counts[service] };
  }
  if (serviceDetails.teamsDirectRouting) {
    details['teamsDirectRouting'] = {
      ...(details['teamsDirectRouting'] as object),
      subdomainStatus: record.subdomain?.status ?? 'notProvisioned',
    };
  }
  return { ...rest, serviceDetails: details, ...provisioned };
};

export const toNumberBody = (record: NumberRecord, settings: Settings): Record<string, unknown> => {
  const { telephoneNumber, accountName, serviceDetails, configuration } = record.content;
  const details: Record<string, unknown> = { ...serviceDetails };
  for (const service of TENANT_SERVICES) {
    const written = serviceDetails[service];
    if (written) details[service] = { ...written, assignmentStatus: written.assignmentStatus ?? settings.defaultAssignment };
  }
  return { telephoneNumber, accountName, serviceDetails: details, configuration, ...provisioning(record.state, settings.noErrorsAs) };
};

/** `accountName` is the account that serves the tenant now; a seeded name stands in while none does. */
export const toRfiBody = (record: RfiRecord, accountName: string | undefined, settings: Settings): Record<string, unknown> => ({
  ...record.content,
  accountName: accountName ?? record.content.accountName,
  ...provisioning(record.state, settings.noErrorsAs),
});
