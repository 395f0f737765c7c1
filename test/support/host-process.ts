/** The local Functions host as a process of its own over an app folder, for tests that start one and look at what it says. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { until } from './functions-host.ts';

export type HostProcess = { url: string; functions: { name: string }[]; log: () => string; [Symbol.asyncDispose]: () => Promise<void> };

export type HostProcessOptions = {
  appDir: string;
  settings: Record<string, string>;
  /** Where the settings are written. */
  settingsFile: string;
  caFile?: string;
  /** Beside the environment of this process. */
  environment?: Record<string, string>;
};

const START_LIMIT_MS = 60_000;

type Ready = { url: string; functions: { name: string }[] };

/** The app writes lines of its own before the host's. */
const readyLine = (out: string): Ready | undefined => {
  const line = out.split('\n').find((text) => text.startsWith('{"url":') && text.endsWith('}'));
  return line === undefined ? undefined : (JSON.parse(line) as Ready);
};

/** Resolves when the host serves; rejects with what it wrote when it ends instead. */
export const startHostProcess = async ({
  appDir,
  settings,
  settingsFile,
  caFile,
  environment,
}: HostProcessOptions): Promise<HostProcess> => {
  writeFileSync(settingsFile, JSON.stringify({ IsEncrypted: false, Values: settings }));
  const ca = caFile === undefined ? [] : ['--ca', caFile];
  const args = ['infra/local/host/main.ts', '--app', appDir, '--settings', settingsFile, '--port', '0', ...ca];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...environment } });
  let [out, log] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await until('the host to serve or end', () => readyLine(out) !== undefined || hasEnded(), START_LIMIT_MS);
  const ready = readyLine(out);
  if (!ready) throw new Error(`The host ended: ${log}`);
  return {
    ...ready,
    log: () => out + log,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await until('the host to end', hasEnded);
    },
  };
};
