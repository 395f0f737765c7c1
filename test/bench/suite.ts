/** Every benchmark: what it does, its peer in the same run, and the targets that the figures must meet. */
import type { Benchmark } from './benchmark.ts';

export const SUITE: readonly Benchmark[] = [
  {
    name: 'order-accept',
    what: 'POST /number-orders of 10,000 numbers through the handler (checks, expansion, one transaction, rows encoded), against JSON.parse of the list as sent, and against reading, hashing and writing it down',
    gates: [
      { figure: 'list / least work', atMost: 15 },
      { figure: 'list / JSON.parse', atMost: 35 },
      { figure: 'range / JSON.parse', atMost: 18 },
      { figure: 'transactions in State', atMost: 1 },
      { figure: 'transactions in Keys', atMost: 1 },
      { figure: 'transactions elsewhere', atMost: 0 },
      { figure: 'rows in State', atMost: 16 },
    ],
    measure: async () => (await import('./order-accept.ts')).measureOrderAccept(),
  },
  {
    name: 'webhook-sign',
    what: 'signing a body of 1 KB, against the bare HMAC-SHA256',
    gates: [{ figure: 'signed / bare', atLeast: 0.75 }],
    measure: async () => (await import('./webhook-sign.ts')).measureWebhookSign(),
  },
  {
    name: 'http-path',
    what: 'a trivial GET through the local Functions host, 8 at a time, against bare node:http with the same client in the same process',
    gates: [{ figure: 'host / node:http', atLeast: 0.05 }],
    measure: async () => (await import('./http-path.ts')).measureHttpPath(),
  },
  {
    name: 'accept-path',
    what: 'accepting orders of 100 numbers over HTTP, 4 at a time, against bare node:http doing the same table calls on the same Azurite',
    gates: [{ figure: 'host / node:http', atLeast: 0.3 }],
    measure: async () => (await import('./accept-path.ts')).measureAcceptPath(),
  },
  {
    name: 'upstream-page',
    what: "the upstream emulator's page of 500 numbers over HTTPS, in an account of 100,000 against one of 1,000",
    gates: [{ figure: 'large / small', atMost: 2 }],
    measure: async () => (await import('./upstream-page.ts')).measureUpstreamPage(),
  },
  {
    name: 'service-bus',
    what: 'the local Service Bus over the real SDK, messages of 1 KB, 16 handlers against one',
    gates: [{ figure: '16 at a time / one by one', atLeast: 1 }],
    measure: async () => (await import('./service-bus.ts')).measureBus(),
  },
  {
    name: 'service-bus-soak',
    what: 'memory of the local Service Bus while 100,000 messages of 1 KB pass',
    gates: [{ figure: 'end / after a tenth', atMost: 1.25 }],
    measure: async () => (await import('./service-bus.ts')).measureSoak(),
  },
  {
    name: 'simulate',
    what: 'seeds of the simulator, 12 in a row',
    gates: [
      { figure: 'violations', atMost: 0 },
      { figure: 'seeds / CPU s', atLeast: 1 },
    ],
    measure: async () => (await import('./simulate.ts')).measureSimulate(),
  },
];
