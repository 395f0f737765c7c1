/** Runs the webhook receiver by itself: one JSON line when ready, then logs on stderr. */
import { parseArgs } from 'node:util';
import { printReady, stderrLog } from '../lib/log.ts';
import { onStop } from '../lib/signals.ts';
import { startWebhookReceiver } from './receiver.ts';
import { isSecret } from './verification.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '7445' },
    control: { type: 'boolean', default: false },
    hook: { type: 'string', multiple: true, default: [] },
  },
});

const secretOf = (hook: string): [string, string] => {
  const [, name, secret] = /^([A-Za-z0-9_.-]+)=(whsec_.+)$/.exec(hook) ?? [];
  if (name === undefined || secret === undefined || !isSecret(secret)) throw new Error('--hook takes NAME=whsec_SECRET.');
  return [name, secret];
};

const receiver = await startWebhookReceiver({
  port: Number(values.port),
  control: values.control,
  secrets: Object.fromEntries(values.hook.map(secretOf)),
  log: stderrLog('webhook-receiver'),
});
onStop(receiver.close);
printReady({ url: receiver.url, port: receiver.port });
