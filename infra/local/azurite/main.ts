/** Runs Azurite beside this process: one JSON line when ready; ending this process ends Azurite cleanly. */
import { parseArgs } from 'node:util';
import { printReady, stderrLog } from '../lib/log.ts';
import { onStop } from '../lib/signals.ts';
import { startAzurite } from './launch.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.local/azurite' },
    'blob-port': { type: 'string', default: '10000' },
    'queue-port': { type: 'string', default: '10001' },
    'table-port': { type: 'string', default: '10002' },
    fresh: { type: 'boolean', default: false },
  },
});

const log = stderrLog('azurite');
const starting = startAzurite({
  dataDir: values.data,
  blobPort: Number(values['blob-port']),
  queuePort: Number(values['queue-port']),
  tablePort: Number(values['table-port']),
  fresh: values.fresh,
  log,
});
let stopping = false;
// Listening before it has started: a stop in between must not leave it behind.
onStop(async () => {
  stopping = true;
  await (await starting).close();
});
const azurite = await starting;
void azurite.exited.then(() => {
  if (stopping) return;
  log('ended without being asked', { pid: azurite.pid });
  process.exit(1);
});
const { blobUrl, queueUrl, tableUrl, connectionString, pid } = azurite;
printReady({ blobUrl, queueUrl, tableUrl, connectionString, pid });
