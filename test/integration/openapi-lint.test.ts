import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { composedApp } from '../unit/http/composed-app.ts';

const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
/** What depends on where a deployment is, not on the document. */
const SKIPPED = ['no-server-example.com'];

test('Redocly finds no error and nothing to warn of in the API document', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'openapi-'));
  try {
    const file = join(folder, 'openapi.json');
    await writeFile(file, (await composedApp({}).call('openapi.json')).text);
    const args = ['lint', file, '--format', 'json', ...SKIPPED.flatMap((rule) => ['--skip-rule', rule])];
    const { stdout } = await promisify(execFile)('node_modules/.bin/redocly', args, { env: { ...process.env, ...QUIET } }).catch(
      (error: unknown) => error as { stdout: string },
    );
    const { totals, problems } = JSON.parse(stdout) as { totals: { errors: number; warnings: number }; problems: { message: string }[] };
    expect([totals.errors, totals.warnings, problems.map(({ message }) => message)]).toEqual([0, 0, []]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
