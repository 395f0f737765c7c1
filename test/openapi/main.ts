/** `npm run openapi`: writes the API document and the typed client anew; with `--release` the document is what clients are promised from then on. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DEFAULT_API_VERSION } from '../../shared/platform/http/api-version.ts';
import { generatedFiles } from './generated-files.ts';

for (const { path, text } of await generatedFiles()) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  process.stdout.write(`${path}\n`);
}
if (process.argv.includes('--release')) {
  await mkdir('infra/openapi/released', { recursive: true });
  await copyFile(`infra/openapi/${DEFAULT_API_VERSION}.json`, `infra/openapi/released/${DEFAULT_API_VERSION}.json`);
  process.stdout.write('released\n');
}
