/** What `npm start` shows when all is up: where everything is, and how to call it: pure. */
import { relative } from 'node:path';
import { factsFileOf, type Credential, type StackFacts } from './facts.ts';

/** `operatorToken`, where there is one, is in the link of the console: the page takes it and needs no sign-in. */
export const welcome = (facts: StackFacts, operatorToken: string | undefined, cwd = process.cwd()): string => {
  const short = (path: string): string => relative(cwd, path) || '.';
  const hosts = facts.hosts.slice(1).map(({ url }, n): [string, string] => [`Host ${n + 2}`, url]);
  const rows: [string, string][] = [
    ['API', facts.apiUrl],
    ...hosts,
    ['Upstream emulator', facts.upstream.url],
    ['Token issuer', facts.issuer.url],
    ['Webhook receiver', facts.receiver.url],
    ['Service Bus emulator', `amqp://localhost:${facts.serviceBus.port}, control ${facts.serviceBus.controlUrl}`],
    ['Azurite tables', facts.azurite.tableUrl],
    ['Everything else', short(factsFileOf(facts.dir))],
    ['Settings of the app', short(facts.settingsFile)],
    ['Logs', short(facts.logs)],
  ];
  const console =
    operatorToken === undefined ? '' : `\nThe operator console, signed in: ${facts.apiUrl}/operator/console#token=${operatorToken}\n`;
  const [partner] = facts.credentials.partners;
  const table = rows.map(([name, value]) => `  ${name.padEnd(22)}${value}`).join('\n');
  return `\nThe local stack is up.\n\n${table}\n${partner ? tokenHelp(partner, short(facts.caFile), facts.apiUrl) : ''}${console}\nCtrl-C ends it.\n`;
};

/** A command that puts a partner's token into TOKEN, for pasting. */
const tokenHelp = ({ id, clientId, clientSecret, scope, tokenUrl }: Credential, caFile: string, apiUrl: string): string => `
A token of the partner ${id}, and a first call:

  TOKEN=$(curl -s --cacert ${caFile} ${tokenUrl} \\
    -d grant_type=client_credentials -d client_id=${clientId} -d client_secret=${clientSecret} \\
    --data-urlencode scope=${scope} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -s -H "Authorization: Bearer $TOKEN" ${apiUrl}/me
`;
