/** Runs the token issuer by itself: one JSON line when ready, then logs on stderr. */
import { parseArgs } from 'node:util';
import { ensureCertificates } from '../lib/certificates.ts';
import { printReady, stderrLog } from '../lib/log.ts';
import { onStop } from '../lib/signals.ts';
import { readClients } from './clients-file.ts';
import { startTokenIssuer } from './issuer.ts';
import type { ManagedIdentity } from './managed-identity.ts';
import type { IssuerClient } from './token-claims.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '7444' },
    clients: { type: 'string' },
    certificates: { type: 'string', default: '.local/certificates' },
    'key-file': { type: 'string', default: '.local/issuer-key.json' },
    'identity-port': { type: 'string' },
    'identity-header': { type: 'string' },
    'identity-client': { type: 'string' },
  },
});

const managedIdentity = (clients: IssuerClient[]): { managedIdentity?: ManagedIdentity } => {
  if (values['identity-port'] === undefined) return {};
  const client = clients.find((known) => known.clientId === values['identity-client']);
  const header = values['identity-header'];
  if (client === undefined || header === undefined)
    throw new Error('--identity-port needs --identity-header and a known --identity-client.');
  return { managedIdentity: { port: Number(values['identity-port']), header, client } };
};

if (values.clients === undefined) throw new Error('--clients FILE is missing: the registrations that may have tokens.');
const clients = readClients(values.clients);
const certificates = await ensureCertificates(values.certificates);
const issuer = await startTokenIssuer({
  port: Number(values.port),
  certificates,
  clients,
  log: stderrLog('token-issuer'),
  keyFile: values['key-file'],
  ...managedIdentity(clients),
});
onStop(issuer.close);
printReady({ url: issuer.url, port: issuer.port, caFile: certificates.caFile, identityEndpoint: issuer.identityEndpoint });
