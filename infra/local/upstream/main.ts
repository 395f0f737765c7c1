/** Command line of the upstream emulator: one JSON line on stdout when it serves, its log on stderr. */
import { join } from 'node:path';
import { ensureCertificates } from '../lib/certificates.ts';
import { printReady, stderrLog } from '../lib/log.ts';
import { onStop } from '../lib/signals.ts';
import { readOptions, USAGE } from './command-line.ts';
import { SAMPLE_TENANT_ID } from './sample-data.ts';
import { startUpstream } from './start-upstream.ts';

const fail = (message: string): never => {
  process.stderr.write(`${message}\n\n${USAGE}\n`);
  process.exit(2);
};

const main = async (): Promise<void> => {
  const parsed = readOptions(process.argv.slice(2));
  if (!parsed.ok) return fail(parsed.problem);
  const { options, certificatesDir } = parsed;
  const certificates = await ensureCertificates(certificatesDir ?? join('.local', 'certificates'));
  const upstream = await startUpstream({ ...options, certificates, log: stderrLog('upstream') });
  onStop(upstream.close);
  const token = await upstream.issueToken?.();
  printReady({
    url: upstream.url,
    port: upstream.port,
    caFile: certificates.caFile,
    control: options.control === true,
    ...(token === undefined ? {} : { token }),
    ...(options.sample ? { sampleTenantId: SAMPLE_TENANT_ID } : {}),
  });
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
