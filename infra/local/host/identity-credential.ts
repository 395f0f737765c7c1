/** The credential of an identity-based connection, from the settings that follow its name. */
import type { TokenCredential } from '@azure/identity';
import type { Environment } from './settings.ts';

/**
 * `<name>__credential=managedidentity`, or `__tenantId`, `__clientId` and `__clientSecret`, or whatever the machine offers.
 * The identity library takes a quarter of a second to load: only who needs it pays.
 */
export const createCredential = async (name: string, environment: Environment): Promise<TokenCredential> => {
  const { ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  const { [`${name}__clientId`]: clientId, [`${name}__tenantId`]: tenantId, [`${name}__clientSecret`]: clientSecret } = environment;
  if (environment[`${name}__credential`]?.toLowerCase() === 'managedidentity') {
    return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  }
  if (tenantId !== undefined && clientId !== undefined && clientSecret !== undefined) {
    return new ClientSecretCredential(tenantId, clientId, clientSecret, authority(environment));
  }
  return new DefaultAzureCredential();
};

/** An authority other than the public one is not looked up in the public directory of authorities. */
const authority = (environment: Environment): { authorityHost?: string; disableInstanceDiscovery?: boolean } => {
  const authorityHost = environment.AZURE_AUTHORITY_HOST;
  return authorityHost === undefined ? {} : { authorityHost, disableInstanceDiscovery: true };
};
