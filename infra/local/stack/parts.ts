/** How each part of the stack is started, and the shape of its ready line. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UPSTREAM_AUDIENCE, UPSTREAM_CLIENT } from './identities.ts';
import type { LocalFolder } from './local-folder.ts';
import type { PartSpec } from './part.ts';
import type { Ports } from './ports.ts';

export type UpstreamOptions = {
  /** How long writes stay pending there, in milliseconds. */
  latencyMs?: { min: number; max: number };
  /** Requests in any sliding minute that it serves. */
  limit?: number;
};

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 10_000;
/** A host finishes what it is at; Azurite writes everything down, and its launcher has a deadline of its own. */
const HOST_STOP_DEADLINE_MS = 20_000;
const AZURITE_STOP_DEADLINE_MS = 40_000;

const plan = <Ready>(
  folder: LocalFolder,
  name: string,
  readyLine: z.ZodType<Ready>,
  args: readonly string[],
  stopDeadlineMs = STOP_DEADLINE_MS,
  log = name,
): PartSpec<Ready> => ({
  name,
  main: fileURLToPath(new URL(`../${name}/main.ts`, import.meta.url)),
  args,
  logFile: join(folder.logs, `${log}.log`),
  startDeadlineMs: START_DEADLINE_MS,
  stopDeadlineMs,
  readyLine,
});

const azuriteReady = z.object({
  blobUrl: z.string(),
  queueUrl: z.string(),
  tableUrl: z.string(),
  connectionString: z.string(),
  pid: z.number(),
});

export const azuritePlan = (folder: LocalFolder, ports: Ports) =>
  plan(
    folder,
    'azurite',
    azuriteReady,
    [
      ...['--data', folder.azuriteData, '--blob-port', `${ports.azuriteBlob}`],
      ...['--queue-port', `${ports.azuriteQueue}`, '--table-port', `${ports.azuriteTable}`],
    ],
    AZURITE_STOP_DEADLINE_MS,
  );

const issuerReady = z.object({ url: z.string(), port: z.number() });

export const issuerPlan = (folder: LocalFolder, ports: Ports) =>
  plan(folder, 'token-issuer', issuerReady, [
    ...['--port', `${ports.issuer}`, '--clients', folder.issuerClientsFile],
    ...['--certificates', folder.certificates, '--key-file', folder.issuerKeyFile],
  ]);

const receiverReady = z.object({ url: z.string(), port: z.number() });

export const receiverPlan = (folder: LocalFolder, ports: Ports) =>
  plan(folder, 'webhook-receiver', receiverReady, ['--port', `${ports.receiver}`, '--control']);

const serviceBusReady = z.object({ connectionString: z.string(), port: z.number(), controlPort: z.number().optional() });

export const serviceBusPlan = (folder: LocalFolder, ports: Ports, entitiesFile: string | undefined) =>
  plan(folder, 'service-bus', serviceBusReady, [
    ...['--port', `${ports.serviceBus}`, '--control-port', `${ports.serviceBusControl}`, '--control', '--data', folder.serviceBusData],
    ...(entitiesFile === undefined ? [] : ['--config', entitiesFile]),
  ]);

const upstreamReady = z.object({ url: z.string() });

export const upstreamPlan = (folder: LocalFolder, ports: Ports, issuerUrl: string, { latencyMs, limit }: UpstreamOptions) =>
  plan(folder, 'upstream', upstreamReady, [
    ...['--port', `${ports.upstream}`, '--control', '--certificates', folder.certificates, '--data', folder.upstreamData],
    ...['--issuer', `${issuerUrl}/${UPSTREAM_CLIENT.tenantId}/v2.0`, '--audience', UPSTREAM_AUDIENCE],
    ...(latencyMs === undefined ? [] : ['--latency-ms', `${latencyMs.min}-${latencyMs.max}`]),
    ...(limit === undefined ? [] : ['--limit', `${limit}`]),
  ]);

const hostReady = z.object({ url: z.string(), functions: z.array(z.unknown()) });

/** `number` counts from 0; each has a log of its own. */
export const hostPlan = (
  folder: LocalFolder,
  host: { number: number; port: number; appDir: string; settingsFile: string; caFile: string },
) =>
  plan(
    folder,
    'host',
    hostReady,
    ['--port', `${host.port}`, '--app', host.appDir, '--settings', host.settingsFile, '--ca', host.caFile, '--admin'],
    HOST_STOP_DEADLINE_MS,
    host.number === 0 ? 'host' : `host-${host.number}`,
  );
