/** Signing a 1 KB webhook against the bare HMAC it cannot do without. */
import { createHmac } from 'node:crypto';
import { signatureHeaders } from '../../shared/webhooks/sign.ts';
import type { Figures } from './benchmark.ts';
import { cpuMsOf, repeat } from './timing.ts';

/** Both take turns, so that neither has the warmer process. */
const TURNS = 10;
const REPEATS = 8_000;
const MS_PER_S = 1_000;

export const measureWebhookSign = async (): Promise<Figures> => {
  const secret = Buffer.alloc(32, 7);
  const body = 'x'.repeat(1_024);
  const bare = (): unknown => createHmac('sha256', secret).update(`evt_1.1.${body}`).digest('base64');
  const sign = (): unknown => signatureHeaders('evt_1', MS_PER_S, body, [secret]);
  const turn = (act: () => unknown): Promise<number> => cpuMsOf(() => repeat(REPEATS, 1, act));
  await turn(bare);
  await turn(sign);
  let [bareMs, signMs] = [0, 0];
  for (let n = 0; n < TURNS; n++) {
    bareMs += await turn(bare);
    signMs += await turn(sign);
  }
  const perCpuSecond = (ms: number): number => (TURNS * REPEATS * MS_PER_S) / ms;
  return { 'signed / CPU s': perCpuSecond(signMs), 'bare HMAC / CPU s': perCpuSecond(bareMs), 'signed / bare': bareMs / signMs };
};
