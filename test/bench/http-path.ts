/** A trivial GET through the local Functions host against bare node:http, by the same client in the same process. */
import { Agent, createServer, request } from 'node:http';
import { app } from '@azure/functions';
import { startHost } from '../../infra/local/host/host.ts';
import { closeServer, listen } from '../../infra/local/lib/listen.ts';
import type { Figures } from './benchmark.ts';
import { perSecond } from './timing.ts';

const REQUESTS = 4_000;
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
    const bareRate = await perSecond(REQUESTS, WIDTH, () => get(`http://127.0.0.1:${port}/api/ok`, agent));
    const hostRate = await perSecond(REQUESTS, WIDTH, () => get(`${host.url}/api/ok`, agent));
    return { 'host, requests / s': hostRate, 'node:http, requests / s': bareRate, 'host / node:http': hostRate / bareRate };
  } finally {
    agent.destroy();
    await host.close();
    await closeServer(bare);
  }
};
