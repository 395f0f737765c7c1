/** One Azurite for a test file: its real program as a child on a free port, ended by one signal and waited for. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const PROGRAM = join(ROOT, 'node_modules/azurite/dist/src/azurite.js');
const START_DEADLINE_MS = 30_000;
/** Azurite's published development key. */
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export type TestAzurite = { connectionString: string; close: () => Promise<void> };

const tableUrl = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(() => reject(new Error(`Azurite did not start: ${seen}`)), START_DEADLINE_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      const url = /Table service is successfully listening at (\S+)/.exec(seen)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once('exit', () => reject(new Error(`Azurite ended: ${seen}`)));
  });

export const startTestAzurite = async (): Promise<TestAzurite> => {
  const folder = mkdtempSync(join(tmpdir(), 'azurite-'));
  const hosts = ['blob', 'queue', 'table'].flatMap((part) => [`--${part}Host`, '127.0.0.1', `--${part}Port`, '0']);
  const options = ['--silent', '--skipApiVersionCheck', '--disableTelemetry', '--inMemoryPersistence'];
  const child = spawn(process.execPath, [PROGRAM, ...hosts, ...options], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await tableUrl(child);
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${KEY};TableEndpoint=${url}/devstoreaccount1;`,
    close: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
