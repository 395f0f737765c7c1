/** Wraps keys with a key of Azure Key Vault, which never leaves it. */
import type { TokenCredential } from '@azure/identity';
import type { CryptographyClientOptions } from '@azure/keyvault-keys';
import type { KeyWrapper } from './key-wrapper.ts';

/** RSA-OAEP with SHA-256: what the vault offers for RSA keys (Learn, "Key types, algorithms, and operations"). */
const ALGORITHM = 'RSA-OAEP-256';

export type VaultKeyOptions = {
  /** `https://<vault>.vault.azure.net/keys/<name>`, without a version: new secrets are wrapped with the newest. */
  keyUrl: string;
  credential: TokenCredential;
  client?: CryptographyClientOptions;
};

const KEY_URL = /^(https:\/\/[^/]+)\/keys\/([^/]+)$/;

/** Makes no request until it is used; the library is loaded then. Throws when `keyUrl` is not the URL of a key. */
export const vaultKeyWrapper = ({ keyUrl, credential, client = {} }: VaultKeyOptions): KeyWrapper => {
  const [, vaultUrl, name] = KEY_URL.exec(keyUrl) ?? [];
  if (vaultUrl === undefined || name === undefined) throw new Error('not the URL of a key without a version');
  const isOurs = (keyId: string): boolean => keyId.startsWith(`${keyUrl}/`);
  return {
    wrap: async (dataKey) => {
      const { CryptographyClient, KeyClient } = await import('@azure/keyvault-keys');
      const newest = await new KeyClient(vaultUrl, credential, client).getKey(name);
      if (newest.id === undefined || !isOurs(newest.id)) throw new Error('the vault named no version of the key');
      const { result } = await new CryptographyClient(newest, credential, client).wrapKey(ALGORITHM, dataKey);
      return { keyId: newest.id, wrapped: result };
    },
    unwrap: async ({ keyId, wrapped }) => {
      // The id comes from a row: it must not lead our token to another vault.
      if (!isOurs(keyId)) throw new Error('wrapped with a key of another vault or name');
      const { CryptographyClient } = await import('@azure/keyvault-keys');
      return (await new CryptographyClient(keyId, credential, client).unwrapKey(ALGORITHM, wrapped)).result;
    },
  };
};
