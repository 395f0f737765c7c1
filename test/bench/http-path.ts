/** A trivial GET through the local Functions host against bare node:http, by the same client in the same process. */
import { Agent, createServer, request } from 'node:http';
import { app } from '@azure/functions';
import { startHost } from '../../infra/local/host/host.ts';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';
import type { Figures } from './benchmark.ts';
import { cpuMsOf, repeat } from './timing.ts';

/** Host and peer take turns, so that a busy neighbour slows both. */
const TURNS = 8;
const REQUESTS = 500;
const MS_PER_S = 1_000;
const WIDTH = 8;
const BODY = '{"ok":true}';
const TYPE = { 'content-type': 'application/json' };

const get = (url: string, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${url}: ${response.statusCode ?? 0}`))));
    })
      .on('error', reject)
      .end();
  });

export const measureHttpPath = async (): Promise<Figures> => {
  const register = (): void => app.http('ok', { methods: ['GET'], authLevel: 'anonymous', handler: () => ({ body: BODY, headers: TYPE }) });
  const host = await startHost({ app: { register }, hostJson: { version: '2.0' }, environment: {}, port: 0 });
  const bare = createServer((_, response) => void response.writeHead(200, TYPE).end(BODY));
  const port = await listen(bare, 0, 'port');
  const agent = new Agent({ keepAlive: true, maxSockets: WIDTH });
  try {
    const turn = (url: string): Promise<number> => cpuMsOf(() => repeat(REQUESTS, WIDTH, () => get(url, agent)));
    const [bareUrl, hostUrl] = [`http://127.0.0.1:${port}/api/ok`, `${host.url}/api/ok`];
    await turn(bareUrl);
    await turn(hostUrl);
    let [bareMs, hostMs] = [0, 0];
    for (let n = 0; n < TURNS; n++) {
      bareMs += await turn(bareUrl);
      hostMs += await turn(hostUrl);
    }
    const perCpuSecond = (ms: number): number => (TURNS * REQUESTS * MS_PER_S) / ms;
    return {
      'host, requests / CPU s': perCpuSecond(hostMs),
      'node:http, requests / CPU s': perCpuSecond(bareMs),
      'host / node:http': bareMs / hostMs,
    };
  } finally {
    agent.destroy();
    await host.close();
    await closeServer(bare);
  }
};
