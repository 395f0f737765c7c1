/** The credentials of this app in terms of the identity library, which costs a start of its own to load: credential.ts does at the first token. */
import { ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import type { AzureSettings, Settings } from '../config/env.ts';

/** What Entra wants to see as the audience of a federated assertion. */
const EXCHANGE_SCOPE = 'api://AzureADTokenExchange/.default';

/** The managed identity that the app runs as: for storage and the bus. */
export const platformCredential = (settings: AzureSettings): TokenCredential =>
  new ManagedIdentityCredential({ clientId: settings.AZURE_CLIENT_ID });

/** The client that upstream knows. In Azure without a secret: the managed identity vouches for it. */
export const upstreamCredential = (settings: Settings): TokenCredential => {
  const { UPSTREAM_TENANT_ID: tenantId, UPSTREAM_CLIENT_ID: clientId, UPSTREAM_CLIENT_SECRET: secret } = settings;
  if (settings.APP_ENV === 'local')
    return new ClientSecretCredential(tenantId, clientId, settings.UPSTREAM_CLIENT_SECRET, {
      authorityHost: settings.UPSTREAM_AUTHORITY_HOST,
      disableInstanceDiscovery: true,
    });
  if (secret !== undefined) return new ClientSecretCredential(tenantId, clientId, secret);
  const vouching = platformCredential(settings);
  return new ClientAssertionCredential(tenantId, clientId, () => assertionOf(vouching));
};

const assertionOf = async (credential: TokenCredential): Promise<string> => {
  const token = await credential.getToken(EXCHANGE_SCOPE);
  if (token === null) throw new Error('The managed identity has no token for the exchange.');
  return token.token;
};
