/** The package that is deployed: complete without node_modules, loaded by a host, and nothing in it that is not for production. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackage, type MadePackage } from '../../infra/package/make-package.ts';
import { startHostProcess } from '../support/host-process.ts';
import { importCost } from '../support/import-cost.ts';

type Settings = { Values: Record<string, string> };

/** Outside the project: what the package lacks cannot be found here either. */
const folder = mkdtempSync(join(tmpdir(), 'package-'));
let made: MadePackage;

beforeAll(async () => {
  made = await makePackage(resolve('.'), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The sample settings, turned away from whatever may run on this machine's default ports: nobody listens on port 1. */
const settings = (): Record<string, string> => {
  const { Values } = JSON.parse(readFileSync('local.settings.sample.json', 'utf8')) as Settings;
  const tables = Values['TABLES_CONNECTION_STRING']?.replace(':10002', ':1') ?? '';
  const bus = Values['ServiceBus']?.replace('127.0.0.1', '127.0.0.1:1') ?? '';
  return {
    ...Values,
    TABLES_CONNECTION_STRING: tables,
    AzureWebJobsStorage: tables.replace('TableEndpoint', 'BlobEndpoint'),
    ServiceBus: bus,
  };
};

describe('the package', () => {
  it('holds the entry, what is loaded when needed, and three files about it', () => {
    const names = readdirSync(made.folder).sort();
    expect(names).toEqual(
      expect.arrayContaining(['LICENSE', 'host.json', 'main.cjs', 'package.json', 'azure-bus.cjs', 'azure-credential.cjs']),
    );
    expect(names.filter((name) => !/^(LICENSE|(host|package)\.json|[\w-]+\.cjs)$/.test(name))).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(made.folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ main: 'main.cjs', engines: { node: '>=24' } });
    expect(Object.keys(manifest).filter((key) => /ependencies|scripts/.test(key))).toEqual([]);
  });

  it('is zipped as it stands, and the same zip each time', async () => {
    const zip = readFileSync(made.zip);
    const entries = unzipSync(zip);
    expect(Object.keys(entries).sort()).toEqual(readdirSync(made.folder).sort());
    expect(Buffer.from(entries['main.cjs'] ?? [])).toEqual(readFileSync(join(made.folder, 'main.cjs')));
    await makePackage(resolve('.'), folder);
    expect(readFileSync(made.zip).equals(zip)).toBe(true);
  });

  it('holds no path of the machine that made it', () => {
    for (const name of readdirSync(made.folder)) expect(readFileSync(join(made.folder, name), 'utf8'), name).not.toContain(resolve('.'));
  });

  it('reads two files to start', () => {
    const { files } = importCost(join(made.folder, 'main.cjs'), settings());
    const names = files.filter((file) => !file.endsWith('package.json')).map((file) => basename(file));
    expect(names).toEqual(['main.cjs', 'zod.cjs']);
  });

  it('is loaded by a host and answers', async () => {
    await using host = await startHostProcess({ appDir: made.folder, settings: settings(), settingsFile: join(folder, 'settings.json') });
    expect(host.functions.length).toBeGreaterThan(10);
    expect((await fetch(`${host.url}/api/me`)).status).toBe(401);
    expect((await fetch(`${host.url}/api/health/ready`)).status).toBe(503);
  });
});
