/** What an app-only Microsoft Entra token says about a client, in its two versions: pure. */
import { createHash } from 'node:crypto';
import type { Claims } from './signing-key.ts';

/** An app registration: its secret and the app roles it was granted, by the audience that defines them. */
export type IssuerClient = { tenantId: string; clientId: string; clientSecret: string; roles: Record<string, string[]> };

export const TOKEN_LIFETIME_S = 3600;

/** The one audience whose tokens are of version 1 here: Azurite accepts no other issuer form for it. */
export const STORAGE_AUDIENCE = 'https://storage.azure.com';

/** A federated credential's assertion names this audience. */
export const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';

type Asked = { client: IssuerClient; audience: string; issuerUrl: string; nowMs: number; tokenId: string };

/** The claims of a token of one hour, valid from `nowMs`. */
export const tokenClaims = (asked: Asked): Claims => {
  const { client, audience, tokenId } = asked;
  const issuedAt = Math.floor(asked.nowMs / 1000);
  const objectId = objectIdOf(client);
  const roles = client.roles[audience];
  return {
    aud: audience,
    ...versioned(asked),
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + TOKEN_LIFETIME_S,
    appid: client.clientId,
    tid: client.tenantId,
    oid: objectId,
    sub: objectId,
    idtyp: 'app',
    uti: tokenId,
    ...(roles === undefined ? {} : { roles }),
  };
};

const versioned = ({ client, audience, issuerUrl }: Asked): Claims =>
  audience === STORAGE_AUDIENCE
    ? { iss: `https://sts.windows.net/${client.tenantId}/`, ver: '1.0', appidacr: '1' }
    : { iss: v2Issuer(issuerUrl, client.tenantId), ver: '2.0', azp: client.clientId, azpacr: '1' };

/** The issuer that a version 2 token of this tenant names. */
export const v2Issuer = (issuerUrl: string, tenantId: string): string => `${issuerUrl}/${tenantId}/v2.0`;

/** A service principal's object id: a GUID of its own, the same after every restart. */
const objectIdOf = ({ tenantId, clientId }: IssuerClient): string => {
  const hex = createHash('sha256').update(`${tenantId}/${clientId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
