/** Every benchmark: what it does, its peer in the same run, and the targets that the figures must meet. */
import type { Benchmark } from './benchmark.ts';

/** Seeds that virtual benchmarks are run with; enough, too, for those that take long. */
const VIRTUAL_ROUNDS = 3;

export const SUITE: readonly Benchmark[] = [
  {
    name: 'cold-import',
    what: 'loading what the deployed bundle reads at its start in a fresh process, against @azure/functions alone; and the whole of it, against the same code with its packages unbundled',
    gates: [
      { figure: 'bundle / unbundled', atMost: 0.4 },
      { figure: 'bundle / @azure/functions', atMost: 4 },
      { figure: 'files', atMost: 3 },
      { figure: 'at start, KB', atMost: 600 },
      { figure: 'RSS over bare node, MB', atMost: 25 },
    ],
    measure: async () => (await import('./cold-import.ts')).measureColdImport(),
  },
  {
    name: 'order-accept',
    what: 'POST /number-orders of 10,000 numbers through the handler (checks, expansion, one transaction, rows encoded), against JSON.parse of the list as sent, and against reading, hashing and writing it down',
    gates: [
      { figure: 'list / least work', atMost: 15 },
      { figure: 'list / JSON.parse', atMost: 35 },
      { figure: 'range / JSON.parse', atMost: 18 },
      { figure: 'transactions in State', atMost: 1 },
      { figure: 'transactions in Keys', atMost: 1 },
      // One in Audit; now and then what Usage has counted in the last seconds.
      { figure: 'transactions elsewhere', atMost: 2 },
      { figure: 'rows in State', atMost: 16 },
      { figure: 'extra memory, MB', atMost: 25 },
    ],
    measure: async () => (await import('./order-accept.ts')).measureOrderAccept(),
  },
  {
    name: 'items-accept',
    what: 'POST /number-orders of 1,000 items with settings of their own (340 KB) through the handler, storage and host left out, against decoding and JSON.parse of the same bytes; and of 10,000 numbers, of whose storage only the transaction in State is real (Azurite), against that transaction made by the bare SDK',
    gates: [
      { figure: 'validation of items / JSON.parse', atMost: 0.5 },
      { figure: 'items / JSON.parse', atMost: 3 },
      { figure: 'list / bare transaction', atMost: 2.5 },
    ],
    measure: async () => (await import('./items-accept.ts')).measureItemsAccept(),
  },
  {
    name: 'budget-burst',
    what: 'virtual clock: 10,000 numbers ordered at once, in 1 and in 200 accounts, to the last webhook, against the closed-form bound',
    gates: [
      { figure: '1 x 10,000, s / bound', atMost: 1.15 },
      { figure: '200 x 50, s / bound', atMost: 1.2 },
    ],
    maxRounds: VIRTUAL_ROUNDS,
    measure: async (round) => (await import('./budget-burst.ts')).measureBudgetBurst(round),
  },
  {
    name: 'budget-sustained',
    what: 'virtual clock: 100,000 numbers in orders of 10,000, confirmed a minute, against the ceiling of 100 requests a minute',
    gates: [1, 10].flatMap((accounts) => [
      { figure: `filter, ${accounts} accounts / ceiling`, atLeast: 0.9 },
      { figure: `stable order, ${accounts} accounts / ceiling`, atLeast: 0.9 },
      { figure: `neither, ${accounts} accounts / ceiling`, atLeast: 0.6 },
    ]),
    maxRounds: VIRTUAL_ROUNDS,
    measure: async (round) => (await import('./budget-sustained.ts')).measureBudgetSustained(round),
  },
  {
    name: 'budget-trickle',
    what: "virtual clock: single orders over 50 accounts for 30 minutes, from request to webhook, against upstream's own time to synchronise",
    gates: [1000, 100].flatMap((rate) => [
      { figure: `${rate}/min, filter, p95 / sync`, atMost: 2 },
      { figure: `${rate}/min, neither, p95 / sync`, atMost: 2.3 },
      { figure: `${rate}/min, filter, backlog late / midway`, atMost: 1.1 },
      { figure: `${rate}/min, neither, backlog late / midway`, atMost: 1.1 },
    ]),
    maxRounds: VIRTUAL_ROUNDS,
    measure: async (round) => (await import('./budget-trickle.ts')).measureBudgetTrickle(round),
  },
  {
    name: 'idle-changes',
    what: "virtual clock: one change at a time and nothing else going on, from request to webhook, less upstream's own time to synchronise",
    gates: [
      ...['customer', 'number', 'release', 'removal'].flatMap((what) => [
        { figure: `quick ${what}, mean s`, atMost: 5 },
        { figure: `slow ${what}, mean s`, atMost: 6 },
      ]),
      { figure: 'slow, requests / change', atMost: 20 },
    ],
    maxRounds: VIRTUAL_ROUNDS,
    measure: async (round) => (await import('./idle-changes.ts')).measureIdleChanges(round),
  },
  {
    name: 'large-account',
    what: 'virtual clock: 10,000 numbers more in an account of 100,000, requests for each confirmed number (uploads alone are 0.010)',
    gates: [
      { figure: 'filter, requests / number', atMost: 0.013 },
      { figure: 'stable order, requests / number', atMost: 0.013 },
      { figure: 'neither, requests / number', atMost: 0.045 },
    ],
    maxRounds: VIRTUAL_ROUNDS,
    measure: async (round) => (await import('./large-account.ts')).measureLargeAccount(round),
  },
  {
    name: 'releases',
    what: "virtual clock: 10,000 of an account's 20,000 numbers released at once, alone and beside an order of 100 every 20 s, to the webhook, against the closed-form bound (batches and pages of what is left are 0.012 requests a number)",
    gates: ['filter', 'stable order', 'neither'].flatMap((upstream) => [
      { figure: `${upstream}, alone / bound`, atMost: 1.25 },
      { figure: `${upstream}, alone, requests / number`, atMost: 0.013 },
      { figure: `${upstream}, beside orders / bound`, atMost: 1.35 },
    ]),
    maxRounds: VIRTUAL_ROUNDS,
    measure: async (round) => (await import('./releases.ts')).measureReleases(round),
  },
  {
    name: 'vs-naive',
    what: 'virtual clock: the same loads by simple clients that keep to the limit, numbers a minute',
    gates: [
      { figure: '1 x 10,000, x put and get', atLeast: 130 },
      { figure: '1 x 10,000, x batch and get', atLeast: 75 },
      { figure: '1 x 10,000, x batch and list', atLeast: 1 },
      { figure: '200 x 50, x put and get', atLeast: 60 },
      { figure: '200 x 50, x batch and get', atLeast: 30 },
      { figure: '200 x 50, x batch and list', atLeast: 1 },
    ],
    maxRounds: VIRTUAL_ROUNDS,
    measure: async (round) => (await import('./vs-naive.ts')).measureVsNaive(round),
  },
  {
    name: 'interactive-under-bulk',
    what: 'virtual clock: single orders beside a bulk of 10,000 against first come, first served; small orders beside 200 busy accounts of another partner',
    gates: [
      { figure: 'singles, p95 / FIFO p95', atMost: 0.8 },
      { figure: 'beside / (alone + a window)', atMost: 1.2 },
    ],
    maxRounds: VIRTUAL_ROUNDS,
    measure: async (round) => (await import('./interactive-under-bulk.ts')).measureInteractiveUnderBulk(round),
  },
  {
    name: 'ops-per-million',
    what: 'virtual clock: 100,000 numbers in orders of 1,000, what each costs from the order to its webhook (one by one: 4.5 runs, 10.6 bus operations, 6.5 transactions, 2.5 requests)',
    gates: [
      { figure: 'executions / number', atMost: 0.02 },
      { figure: 'bus operations / number', atMost: 0.05 },
      { figure: 'table transactions / number', atMost: 0.06 },
      // Writes of 100 and pages of 500 are 0.012 at the least, if no page shows anything twice.
      { figure: 'upstream requests / number', atMost: 0.013 },
    ],
    maxRounds: VIRTUAL_ROUNDS,
    measure: async (round) => (await import('./ops-per-million.ts')).measureOpsPerMillion(round),
  },
  {
    name: 'rows-write',
    what: '10,000 rows into Azurite in transactions of 90, against single upserts, 32 at a time',
    gates: [
      { figure: 'transactions / one by one', atMost: 0.5 },
      { figure: 'transactions / one by one, client CPU', atMost: 0.2 },
    ],
    maxRounds: VIRTUAL_ROUNDS,
    measure: async () => (await import('./rows-write.ts')).measureRowsWrite(),
  },
  {
    name: 'rows-read',
    what: 'the status of an order of 10,000 numbers through the handler over Azurite, against reading two properties of 10,000 rows',
    gates: [
      { figure: 'status / two properties', atMost: 0.3 },
      { figure: 'page of items / two properties', atMost: 0.3 },
      { figure: 'status, rows read', atMost: 6 },
    ],
    maxRounds: VIRTUAL_ROUNDS,
    measure: async () => (await import('./rows-read.ts')).measureRowsRead(),
  },
  {
    name: 'webhook-sign',
    what: 'signing a body of 1 KB, against the bare HMAC-SHA256',
    gates: [{ figure: 'signed / bare', atLeast: 0.75 }],
    measure: async () => (await import('./webhook-sign.ts')).measureWebhookSign(),
  },
  {
    name: 'webhook-throughput',
    what: 'delivering 9,000 events of one log over Azurite, every attempt recorded, against a bare loop that signs and posts as many at a time to the same receiver',
    gates: [{ figure: 'delivered / bare', atLeast: 0.5 }],
    measure: async () => (await import('./webhook-throughput.ts')).measureWebhookThroughput(),
  },
  {
    name: 'webhook-dead-endpoint',
    what: 'twelve subscriptions that are sent events now and then, with a thirteenth whose endpoint is silent against one without',
    gates: [{ figure: 'p95 with / without', atMost: 1.2 }],
    measure: async () => (await import('./webhook-dead-endpoint.ts')).measureDeadEndpoint(),
  },
  {
    name: 'webhook-soak',
    what: 'memory in use by a process that delivers 100,000 events, everything else collected',
    gates: [{ figure: 'end / after a tenth', atMost: 1.25 }],
    measure: async () => (await import('./webhook-throughput.ts')).measureWebhookSoak(),
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
    name: 'limiter-safety',
    what: 'time four times as fast: 1, 4 and 8 processes with 64 takers each share the limit of 100 over Azurite, against the limit once every 62.5 s; then clocks 2 s wrong, a crash and a pause',
    gates: [
      ...['1 process', '4 processes', '8 processes'].flatMap((name) => [
        { figure: `${name}, most in 60 s`, atMost: 100 },
        { figure: `${name}, used / possible`, atLeast: 0.95 },
        { figure: `${name}, table operations / permit`, atMost: 1 },
        { figure: `${name}, conflicts / permit`, atMost: 0.15 },
      ]),
      { figure: 'skew, crash and pause, most in 60 s', atMost: 100 },
    ],
    measure: async () => (await import('./limiter-safety.ts')).measureLimiterSafety(),
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
