/** The deployed package with the settings that the templates set: it starts, and reaches everything by identity and under the names of Azure. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackage } from '../../infra/package/make-package.ts';
import { startAzureLookAlike, type AzureLookAlike } from '../support/azure-look-alike.ts';
import { readTexts, templatesOf } from '../support/bicep/all-problems.ts';
import { settingsIn } from '../support/bicep/drift.ts';
import { makeReadTemplate } from '../support/bicep/template.ts';
import { until } from '../support/functions-host.ts';
import { startHostProcess, type HostProcess } from '../support/host-process.ts';

const START_MS = 120_000;

let azure: AzureLookAlike;
let host: HostProcess;
let appDir: string;

beforeAll(async () => {
  azure = await startAzureLookAlike();
  const { folder } = await makePackage(resolve('.'), join(azure.dir, 'out'));
  appDir = folder;
  host = await start(azure.settings);
}, START_MS);
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await azure.close();
});

const start = (settings: Record<string, string>): Promise<HostProcess> =>
  startHostProcess({
    appDir,
    settings,
    settingsFile: join(azure.dir, 'settings.json'),
    caFile: azure.caFile,
    environment: azure.environment,
  });

describe('the app as deployed', () => {
  it('is given exactly the settings of the templates', async () => {
    const { always } = settingsIn(templatesOf(readTexts(), await makeReadTemplate()));
    expect(Object.keys(azure.settings).sort()).toEqual([...always].sort());
  });

  it('reaches its tables, its bus and the token for the gateway by identity', async () => {
    expect(existsSync(join(appDir, 'main.cjs'))).toBe(true);
    await until('it to be ready', async () => (await fetch(`${host.url}/api/health/ready`)).status === 200, 60_000).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}\n${host.log()}\nrefused: ${azure.refusedNames().join()}`);
      },
    );
  });

  it('knows a caller by a token of Entra', async () => {
    const answer = await fetch(`${host.url}/api/me`, { headers: { authorization: `Bearer ${azure.operatorToken()}` } });
    const { roles } = (await answer.json()) as { roles: string[] };
    expect([answer.status, roles]).toEqual([200, expect.arrayContaining(['Operator.Admin'])]);
  });

  it("takes the leases of its timers in the host's storage, under the account's name", async () => {
    const blobs = `${azure.settings['AzureWebJobsStorage__accountName'] ?? ''}.blob.core.windows.net`;
    await until('the timers to take their leases', () => azure.reachedNames().includes(blobs));
    expect(host.log()).not.toMatch(/trying again until it works|status could not be/);
  });

  it('hands its spans over after invocations, signed in by identity, without a number in them', async () => {
    const all = (): string =>
      azure
        .telemetry()
        .map(({ text }) => text)
        .join();
    await until('the span of a request to arrive', () => all().includes('GET /health/ready'), 40_000);
    expect(azure.telemetry().every(({ authorization }) => authorization.startsWith('Bearer '))).toBe(true);
    expect(all()).not.toMatch(/44\d{9,}/);
  });

  it('asks for no name but those of its own services', () => {
    expect(azure.reachedNames()).toContain('login.microsoftonline.com');
    // What the exporter tells its makers about itself; nothing depends on it.
    const ofExporter = /\.(in\.applicationinsights|monitor)\.azure\.com$/;
    expect(azure.refusedNames().filter((name) => !ofExporter.test(name))).toEqual([]);
  });
});

describe('a setting that is missing', () => {
  it('stops the app at its start, by name', async () => {
    const { TABLES_ENDPOINT: _without, ...rest } = azure.settings;
    await expect(start(rest)).rejects.toThrow(/TABLES_ENDPOINT: is missing/);
  });
});
