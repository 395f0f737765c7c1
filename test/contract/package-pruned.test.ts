/** What is deployed: a copy of this package, built and without its dev dependencies, loads and answers; and host.json is what Azure wants. */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, globSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/functions-host.ts';

type Manifest = { main: string; dependencies: Record<string, string>; devDependencies: Record<string, string> };
type HostJson = { version: string; extensionBundle: { id: string; version: string } };
type Settings = { Values: Record<string, string> };

const SOURCES = ['package.json', 'package-lock.json', 'host.json', 'tsconfig.json', 'tsconfig.build.json', 'functions', 'shared'];
const PREPARE_TIMEOUT_MS = 180_000;
const START_LIMIT_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'deployed-'));
const copy = join(folder, 'app');
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const manifest = read('package.json') as Manifest;

/** Hard links where the file system allows them. What npm writes anew must not be a link: it would be written here too. */
const linkTree = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target, entry.name.startsWith('.package-lock'));
  }
};

const linkOrCopy = (source: string, target: string, mustCopy: boolean): void => {
  try {
    if (mustCopy) copyFileSync(source, target);
    else linkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(source, target);
  }
};

const npm = (...args: string[]): void => {
  execFileSync('npm', args, { cwd: copy, stdio: 'pipe' });
};

beforeAll(() => {
  for (const source of SOURCES) cpSync(source, join(copy, source), { recursive: true });
  linkTree('node_modules', join(copy, 'node_modules'));
  npm('run', 'build');
  npm('prune', '--omit=dev', '--offline', '--ignore-scripts', '--no-audit', '--no-fund');
}, PREPARE_TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `@scope/name/part` and `name/part` without the part. */
const packageOf = (specifier: string): string => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/'); // prettier-ignore

it('imports nothing but Node, its own files and its dependencies', () => {
  const files = globSync('dist/**/*.js', { cwd: copy });
  const imported = files.flatMap((file) =>
    ts.preProcessFile(readFileSync(join(copy, file), 'utf8'), true, true).importedFiles.map(({ fileName }) => ({ file, fileName })),
  );
  const relative = imported.filter(({ fileName }) => fileName.startsWith('.'));
  expect(relative.filter(({ file, fileName }) => !existsSync(join(copy, dirname(file), fileName)))).toEqual([]);
  const foreign = imported.filter(({ fileName }) => !fileName.startsWith('.') && !isBuiltin(fileName));
  expect(foreign.length).toBeGreaterThan(0);
  expect(foreign.filter(({ fileName }) => manifest.dependencies[packageOf(fileName)] === undefined)).toEqual([]);
});

it('has lost its dev dependencies and kept the others', () => {
  const isThere = (name: string): boolean => existsSync(join(copy, 'node_modules', name));
  expect(Object.keys(manifest.dependencies).filter((name) => !isThere(name))).toEqual([]);
  expect(['typescript', 'vitest', 'azurite', 'croner', '@azure/storage-blob'].filter(isThere)).toEqual([]);
});

/** The sample settings, turned away from whatever may run on this machine's default ports: nobody listens on port 1. */
const settingsFile = (): string => {
  const { Values } = read('local.settings.sample.json') as Settings;
  const tables = Values['TABLES_CONNECTION_STRING']?.replace(':10002', ':1');
  const bus = Values['ServiceBus']?.replace('127.0.0.1', '127.0.0.1:1');
  expect([tables, bus]).toEqual([expect.stringContaining('127.0.0.1:1/'), expect.stringContaining('127.0.0.1:1;')]);
  const values = {
    ...Values,
    TABLES_CONNECTION_STRING: tables,
    AzureWebJobsStorage: tables?.replace('TableEndpoint', 'BlobEndpoint'),
    ServiceBus: bus,
  };
  const file = join(folder, 'settings.json');
  writeFileSync(file, JSON.stringify({ IsEncrypted: false, Values: values }));
  return file;
};

/** The app writes lines of its own before the host's. */
const readyLine = (out: string): { url: string; functions: string[] } | undefined => {
  const line = out.split('\n').find((text) => text.startsWith('{"url":') && text.endsWith('}'));
  return line === undefined ? undefined : (JSON.parse(line) as { url: string; functions: string[] });
};

it('loads with the sample settings and answers', async () => {
  const child = spawn(process.execPath, ['infra/local/host/main.ts', '--app', copy, '--settings', settingsFile(), '--port', '0']);
  try {
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await until('the host to serve or end', () => readyLine(out) !== undefined || child.exitCode !== null, START_LIMIT_MS);
    const { url, functions } = readyLine(out) ?? expect.fail(err);
    expect(functions.length).toBeGreaterThan(10);
    expect((await fetch(`${url}/api/me`)).status).toBe(401);
  } finally {
    child.kill('SIGKILL');
  }
});

it('has the entry and the extension bundle that Azure wants', () => {
  const { version, extensionBundle } = read(join(copy, 'host.json')) as HostJson;
  expect({ version, extensionBundle }).toEqual({
    version: '2.0',
    extensionBundle: { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.0.0, 5.0.0)' },
  });
  expect(existsSync(join(copy, manifest.main))).toBe(true);
});
