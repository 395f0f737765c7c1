/** The credentials of this app: one for Azure's own services, one as a client of the Provisioning API. The identity library is loaded for the first token. */
import type { TokenCredential } from '@azure/identity';
import type { AzureSettings, Settings } from '../config/env.ts';
import { once } from '../values/once.ts';

/** A credential that is made when it is first asked for a token. */
const onFirstToken = (make: () => Promise<TokenCredential>): TokenCredential => {
  const made = once(make);
  return { getToken: async (...asked) => (await made()).getToken(...asked) };
};

/** The managed identity that the app runs as: for storage, the bus and telemetry. */
export const platformCredential = (settings: AzureSettings): TokenCredential =>
  onFirstToken(async () => (await import('./azure-credential.ts')).platformCredential(settings));

/** The client that upstream knows. In Azure without a secret: the managed identity vouches for it. */
export const upstreamCredential = (settings: Settings): TokenCredential =>
  onFirstToken(async () => (await import('./azure-credential.ts')).upstreamCredential(settings));
