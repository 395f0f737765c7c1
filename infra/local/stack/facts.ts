/** What tools need to know of a running stack: the content of `stack.json`, and its life on the disk. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How one caller gets a token: POST a client_credentials form to `tokenUrl`. */
export type Credential = {
  id: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  authorityHost: string;
  tokenUrl: string;
  roles: string[];
};

export type HostFacts = { url: string; port: number; pid: number };

export type StackFacts = {
  /** The stack's own process. */
  pid: number;
  startedAt: string;
  dir: string;
  logs: string;
  caFile: string;
  settingsFile: string;
  /** Where callers reach the API, without the route prefix. */
  publicUrl: string;
  /** The same with it: `${apiUrl}/me`. */
  apiUrl: string;
  hosts: HostFacts[];
  upstream: { url: string; port: number; pid: number; scope: string };
  issuer: { url: string; port: number; pid: number };
  receiver: { url: string; port: number; pid: number };
  serviceBus: { connectionString: string; port: number; controlPort: number; controlUrl: string; pid: number };
  /** `pid` is the launcher's, `azuritePid` Azurite's own: never kill that one. */
  azurite: { connectionString: string; blobUrl: string; queueUrl: string; tableUrl: string; pid: number; azuritePid: number };
  credentials: { operator: Credential; partners: Credential[]; upstream: Credential };
};

export const factsFileOf = (dir: string): string => join(dir, 'stack.json');

/** Writes the file whole: a reader sees all of it or none. */
export const writeFacts = (facts: StackFacts): void => {
  const file = factsFileOf(facts.dir);
  writeFileSync(`${file}.new`, `${JSON.stringify(facts, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

/** What the stack in `dir` wrote; undefined when none runs there or it is not ready. A killed stack leaves its file behind. */
export const readFacts = (dir: string): StackFacts | undefined => {
  const file = factsFileOf(dir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StackFacts) : undefined;
};

export const removeFacts = (dir: string): void => rmSync(factsFileOf(dir), { force: true });

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
