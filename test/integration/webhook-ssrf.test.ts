import dns from 'node:dns';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makePost, type Poster } from '../../shared/platform/outbound/post.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { checkTarget } from '../../shared/webhooks/target-policy.ts';

/** Stands for everything inside: whoever connects is counted, whatever is said afterwards. */
let hits = 0;
const sockets = new Set<Socket>();
let inner: Server;
let port: number;
let poster: Poster;
const realLookup = dns.lookup;

beforeAll(async () => {
  inner = createServer((socket) => {
    hits++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 204 No Content\r\n\r\n');
  });
  await new Promise<void>((resolve) => inner.listen(0, '::', resolve));
  port = (inner.address() as AddressInfo).port;
  poster = makePost({ userAgent: 'test/1', allowLoopback: false, clock: systemClock, deadlineMs: 2_000 });
});
afterEach(() => {
  dns.lookup = realLookup;
  hits = 0;
});
afterAll(async () => {
  poster.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => inner.close(resolve));
});

const post = (url: string, with_: Poster = poster) => with_.post({ url, headers: {}, body: '{}' });

/** Hosts that mean this machine, a network of the deployment, or the platform's own services, as people have written them to get past checks. */
const HOSTS = [
  ...[
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '0x7f.0x0.0x0.0x1',
    '017700000001',
  ],
  ...['127.255.255.254', '0', '0.0.0.0', 'localhost', 'LOCALHOST', 'localhost.', 'a.localhost', '[::1]', '[0:0:0:0:0:0:0:1]', '[::]'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[0000::ffff:7f00:0001]', '[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]'],
  ...['[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]', '[fe80::1]', '[fc00::1]', '[fd12:3456::1]', '[fec0::1]', '[ff02::1]'],
  ...[
    '169.254.169.254',
    '169.254.169.254.',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '[::ffff:169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
  ],
  ...[
    '168.63.129.16',
    '168.63.129.16.',
    '2822734096',
    '0xa83f8110',
    '[::ffff:168.63.129.16]',
    '10.0.0.1',
    '10.1',
    '172.16.0.1',
    '172.31.255.254',
  ],
  ...['192.168.0.1', '100.64.0.1', '100.100.100.200', '192.0.0.192', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ...[
    '①②⑦.⓪.⓪.①',
    '１２７.0.0.1',
    '127。0。0。1',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'metadata.google.internal',
    'printer.local',
    'metadata',
    'kubernetes.default.svc.cluster.local',
  ],
];

describe.each(HOSTS)('the host %s', (host) => {
  it('is refused when it is saved', () => {
    for (const url of [`https://${host}:${port}/`, `https://${host}/`])
      expect(checkTarget(url, false)).toMatchObject({ outcome: 'refused' });
  });

  it('is not reached when it got in some other way', async () => {
    // What is no address is asked of the name service, which must not answer for the test with what it happens to know.
    if (!/^[\d.x[\]a-f:]+$/i.test(new URL(`https://${host}/`).hostname)) resolving(() => ['127.0.0.1']);
    for (const url of [`https://${host}:${port}/`, `http://${host}:${port}/`, `https://user@${host}:${port}/`])
      expect(await post(url)).toMatchObject({ outcome: 'failed' });
    expect(hits).toBe(0);
  });
});

type Resolved = { address: string; family: number };
const familyOf = (address: string): number => (address.includes(':') ? 6 : 4);

/** Has every name stand for these addresses, asked anew at each look-up. */
const resolving = (addresses: () => (string | Resolved)[]): void => {
  const fake = (_name: string, options: { all?: boolean }, callback: (error: null, found: unknown, family?: number) => void): void => {
    const found = addresses().map((one) => (typeof one === 'string' ? { address: one, family: familyOf(one) } : one));
    process.nextTick(() => (options.all === true ? callback(null, found) : callback(null, found[0]?.address, found[0]?.family)));
  };
  dns.lookup = fake as unknown as typeof dns.lookup;
};

describe('a name of somebody else', () => {
  it.each([
    ['this machine', ['127.0.0.1']],
    ['this machine in IPv6', ['::1']],
    ['this machine in IPv6 for IPv4', ['::ffff:127.0.0.1']],
    ['a public address and this machine', ['93.184.216.34', '127.0.0.1']],
    ['this machine and a public address', ['127.0.0.1', '93.184.216.34']],
    ['a public IPv6 address and a private one', ['2606:2800:220:1::1', 'fd00::1']],
    ['the metadata service', ['169.254.169.254']],
    ['the wire server of Azure', ['168.63.129.16']],
    ['NAT64 of this machine', ['64:ff9b::7f00:1']],
  ])('that stands for %s is not reached', async (_what, addresses) => {
    resolving(() => addresses);
    expect(await post(`https://hooks.attacker.example:${port}/`)).toMatchObject({ outcome: 'failed', failure: 'blocked' });
    expect(hits).toBe(0);
  });

  it('that changes between two look-ups is looked up once for each connection', async () => {
    let lookups = 0;
    resolving(() => (lookups++ === 0 ? ['192.0.2.1'] : ['127.0.0.1']));
    expect(await post(`https://hooks.attacker.example:${port}/`)).toMatchObject({ outcome: 'failed', failure: 'blocked' });
    expect([lookups, hits]).toEqual([1, 0]);
  });

  it('that turns into this machine after it was checked gets a connection, and not a byte', async () => {
    let heard = 0;
    inner.once('connection', (socket) => socket.on('data', (chunk) => (heard += chunk.length)));
    let reads = 0;
    const shifty = { family: 4, address: '93.184.216.34' };
    Object.defineProperty(shifty, 'address', { enumerable: true, get: () => (reads++ === 0 ? '93.184.216.34' : '127.0.0.1') });
    resolving(() => [shifty]);
    expect(await post(`https://hooks.attacker.example:${port}/`)).toMatchObject({ outcome: 'failed', failure: 'blocked' });
    expect(reads).toBeGreaterThan(1);
    expect(heard).toBe(0);
  });
});

describe('what is good', () => {
  it.each([
    'https://bss.acme.example/hooks',
    'https://bss.acme.example:8443/hooks?tenant=1&x=%2F..%2F',
    'https://xn--bcher-kva.example/',
    'https://bücher.example/',
    'https://10.example/',
    'https://127.0.0.1.nip.acme.example/',
    'https://localhost.acme.example/',
  ])('%s is saved', (url) => expect(checkTarget(url, false)).toMatchObject({ outcome: 'allowed' }));

  it('is reached', async () => {
    const local = makePost({ userAgent: 'test/1', allowLoopback: true, clock: systemClock });
    try {
      expect(await post(`http://127.0.0.1:${port}/`, local)).toMatchObject({ outcome: 'answered', status: 204 });
      expect(await post(`http://localhost:${port}/`, local)).toMatchObject({ outcome: 'answered', status: 204 });
      expect(hits).toBe(2);
    } finally {
      local.close();
    }
  });
});

it('counts at least forty hostile forms', () => expect(HOSTS.length).toBeGreaterThanOrEqual(40));
