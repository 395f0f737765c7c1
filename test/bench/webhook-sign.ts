/** Signing a 1 KB webhook against the bare HMAC it cannot do without. */
import { createHmac } from 'node:crypto';
import { signatureHeaders } from '../../shared/webhooks/sign.ts';
import type { Figures } from './benchmark.ts';
import { cpuMsEach } from './timing.ts';

const REPEATS = 60_000;
const MS_PER_S = 1_000;

export const measureWebhookSign = async (): Promise<Figures> => {
  const secret = Buffer.alloc(32, 7);
  const body = 'x'.repeat(1_024);
  const bareMs = await cpuMsEach(REPEATS, () => createHmac('sha256', secret).update(`evt_1.1.${body}`).digest('base64'));
  const signMs = await cpuMsEach(REPEATS, () => signatureHeaders('evt_1', MS_PER_S, body, [secret]));
  return { 'signed / CPU s': MS_PER_S / signMs, 'bare HMAC / CPU s': MS_PER_S / bareMs, 'signed / bare': bareMs / signMs };
};
