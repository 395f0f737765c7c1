/** A token issuer on a free port with one partner, one operator and one upstream client, trusted by this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientSecretCredential } from '@azure/identity';
import { ensureCertificates, trust, type Certificates } from '../../infra/local/lib/certificates.ts';
import type { Clock } from '../../infra/local/lib/clock.ts';
import { silentLog } from '../../infra/local/lib/log.ts';
import { startTokenIssuer, type IssuerClient, type TokenIssuer } from '../../infra/local/token-issuer/issuer.ts';

export const API_AUDIENCE = 'api://acg-facade';
export const UPSTREAM_AUDIENCE = 'https://func-voiceservice-rp-prod-eastuseuap.azurewebsites.net';

export const PARTNER: IssuerClient = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '11111111-aaaa-4aaa-8aaa-111111111111',
  clientSecret: 'the partner secret',
  roles: { [API_AUDIENCE]: ['Partner.Read', 'Partner.Write'] },
};
export const OPERATOR: IssuerClient = {
  tenantId: '22222222-2222-4222-8222-222222222222',
  clientId: '22222222-aaaa-4aaa-8aaa-222222222222',
  clientSecret: 'the operator: secret & more',
  roles: { [API_AUDIENCE]: ['Operator.Read', 'Operator.Admin'] },
};
export const UPSTREAM_CLIENT: IssuerClient = {
  tenantId: '22222222-2222-4222-8222-222222222222',
  clientId: '33333333-aaaa-4aaa-8aaa-333333333333',
  clientSecret: 'the upstream secret',
  roles: { [UPSTREAM_AUDIENCE]: ['ProvisioningAPI.Admin'] },
};

export type TestIssuer = TokenIssuer & {
  dir: string;
  certificates: Certificates;
  credentialOf: (client: IssuerClient) => ClientSecretCredential;
};

/** Starts it in a folder of its own; `close` also removes the folder. */
export const startTestIssuer = async (
  options: { dir?: string; port?: number; clock?: Clock; identityOf?: IssuerClient } = {},
): Promise<TestIssuer> => {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'issuer-'));
  const certificates = await ensureCertificates(join(dir, 'certificates'));
  trust(certificates.ca);
  const issuer = await startTokenIssuer({
    port: options.port ?? 0,
    certificates,
    clients: [PARTNER, OPERATOR, UPSTREAM_CLIENT],
    log: silentLog,
    keyFile: join(dir, 'issuer-key.json'),
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.identityOf ? { managedIdentity: { port: 0, header: 'the header', client: options.identityOf } } : {}),
  });
  return {
    ...issuer,
    dir,
    certificates,
    credentialOf: ({ tenantId, clientId, clientSecret }) =>
      new ClientSecretCredential(tenantId, clientId, clientSecret, { authorityHost: issuer.url, disableInstanceDiscovery: true }),
    close: async () => {
      await issuer.close();
      if (options.dir === undefined) rmSync(dir, { recursive: true });
    },
  };
};
