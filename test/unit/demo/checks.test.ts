/** What a run expects: a run as it should be passes, and each thing that can go wrong is named. */
import { describe, expect, test } from 'vitest';
import { checksOf, eventTypesOf, failureText, resultOf, type Seen } from '../../../infra/local/demo/checks.ts';
import { plannedFailures, toTelephoneNumber } from '../../../infra/local/demo/numbers.ts';
import { complaint, table } from '../../../infra/local/demo/table.ts';

const COUNT = 20;
const BLOCK = { first: 441632960000, count: COUNT };
const PLANNED = plannedFailures(BLOCK);

const delivery = (type: string, customerId = 'demo-1', verified = true) => ({
  verification: { verified },
  event: { type, data: { customerId } },
});
const EVENTS = [
  delivery('customer.created'),
  delivery('customer.synced'),
  delivery('number_order.started'),
  delivery('number_order.partially_succeeded'),
  delivery('rfi.received'),
];

const accountNumbers = Array.from({ length: COUNT }, (_, n) => {
  const telephoneNumber = toTelephoneNumber(BLOCK.first + n);
  return { telephoneNumber, status: PLANNED.some((one) => one.telephoneNumber === telephoneNumber) ? 'failed' : 'synced', writeCount: 1 };
});

const GOOD: Seen = {
  numbers: COUNT,
  planned: PLANNED,
  customerId: 'demo-1',
  order: {
    id: 'o',
    status: 'PartiallySucceeded',
    counts: { total: COUNT, pending: 0, submitted: 0, succeeded: 17, failed: 3 },
    percentComplete: 100,
    itemsHref: 'http://localhost/items',
  },
  failedItems: PLANNED.map(({ telephoneNumber, error }) => ({ telephoneNumber, error: { code: 'UpstreamSyncFailed', upstream: [error] } })),
  account: { numbers: accountNumbers },
  rfiSeen: true,
  hook: { received: 3, verified: 3, gaps: 0, duplicates: 0, events: EVENTS },
  catchUp: { missed: 2, kept: [1, 2, 3], received: [1, 2, 3], gaps: 0, duplicates: 0 },
  upstreamRequests: 5,
  maxRequestsIn60s: 5,
  seconds: 12.3,
};

const failing = (change: Partial<Seen>): string[] =>
  checksOf({ ...GOOD, ...change })
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

const order = (change: Partial<Seen['order']>): Partial<Seen> => ({ order: { ...GOOD.order, ...change } });
const hook = (change: Partial<Seen['hook']>): Partial<Seen> => ({ hook: { ...GOOD.hook, ...change } });

test('finds nothing wrong with a run as it should be', () => {
  expect(failing({})).toEqual([]);
});

test('expects success, and its event, of an order too small for failures', () => {
  const numbers = accountNumbers.map((number) => ({ ...number, status: 'synced' }));
  const all = { ...GOOD.order.counts, succeeded: COUNT, failed: 0 };
  const small = {
    planned: [],
    failedItems: [],
    account: { numbers },
    ...order({ status: 'Succeeded', counts: all }),
    ...hook({
      events: [
        delivery('customer.created'),
        delivery('customer.synced'),
        delivery('number_order.started'),
        delivery('number_order.succeeded'),
        delivery('rfi.received'),
      ],
    }),
  };
  expect(failing(small)).toEqual([]);
  expect(failing({ ...small, ...hook({}) })).toEqual(['every webhook arrived']);
});

const away = (change: Partial<Seen['catchUp']>): Partial<Seen> => ({ catchUp: { ...GOOD.catchUp, ...change } });

describe('names what went wrong', () => {
  const [firstItem, ...otherItems] = GOOD.failedItems;
  const [firstNumber, ...otherNumbers] = accountNumbers;
  test.each<[string, Partial<Seen>, string[]]>([
    ['an order that never ended', order({ status: 'Running' }), ['the order ended PartiallySucceeded']],
    ['an end that nobody told of', order({ status: 'Failed' }), ['the order ended PartiallySucceeded', 'every webhook arrived']],
    [
      'a number without an end',
      order({ counts: { ...GOOD.order.counts, succeeded: 16, pending: 1 } }),
      ['every number ended, and as planned'],
    ],
    [
      'a failure on another number',
      { failedItems: [...otherItems, { ...firstItem, telephoneNumber: '+441632960019' }] },
      ['the failed items are those that the backend refused', "their errors are the backend's own words"],
    ],
    [
      "an error that is not the backend's",
      { failedItems: GOOD.failedItems.map(({ telephoneNumber }) => ({ telephoneNumber, error: { code: 'UpstreamSyncFailed' } })) },
      ["their errors are the backend's own words"],
    ],
    ['a number that upstream lacks', { account: { numbers: otherNumbers } }, ['upstream holds what was ordered']],
    [
      'a number written twice',
      { account: { numbers: [...otherNumbers, { telephoneNumber: '', status: 'synced', ...firstNumber, writeCount: 2 }] } },
      ['no number was written twice'],
    ],
    ['too many requests', { maxRequestsIn60s: 101 }, ['at most 100 requests in any 60 s']],
    ['a request for information that the partner does not see', { rfiSeen: false }, ['the partner sees the request for information']],
    ['a missing event', hook({ events: EVENTS.slice(1) }), ['every webhook arrived']],
    [
      'an event about somebody else',
      hook({ events: [...EVENTS.slice(0, 3), delivery('rfi.received', 'other')] }),
      ['every webhook arrived'],
    ],
    [
      'an event with a wrong signature',
      hook({ verified: 2, events: [...EVENTS.slice(0, 3), delivery('rfi.received', 'demo-1', false)] }),
      ['every webhook arrived', 'every webhook is signed'],
    ],
    ['a gap', hook({ gaps: 1 }), ['no gap in their sequence']],
    ['a second delivery', hook({ duplicates: 1 }), ['none arrived twice']],
    ['an absence that nobody noticed', away({ missed: 0 }), ['a receiver that was away missed some']],
    ['an event that never came', away({ received: [1, 3] }), ['and has caught up: every sequence of its log']],
    ['a log with a hole', away({ kept: [1, 3], received: [1, 3] }), ['and has caught up: every sequence of its log']],
    ['a double after the absence', away({ duplicates: 1 }), ['without a gap or a double']],
  ])('%s', (_, change, names) => {
    expect(failing(change)).toEqual(names);
  });
});

test('reads the types of the verified events about one customer, whatever else arrived', () => {
  const events = [
    ...EVENTS,
    delivery('rfi.updated', 'other'),
    { verification: { verified: true }, event: undefined },
    { verification: { verified: true }, event: [] },
  ];
  expect(eventTypesOf({ ...GOOD.hook, events }, 'demo-1')).toEqual([
    'customer.created',
    'customer.synced',
    'number_order.started',
    'number_order.partially_succeeded',
    'rfi.received',
  ]);
});

test("says the backend's words, or the API's when there are none", () => {
  const upstream = [
    { code: 'A', message: 'First.' },
    { code: 'B', message: 'Second.' },
  ];
  expect(failureText({ telephoneNumber: '+1', error: { code: 'X', upstream } })).toBe('First.; Second.');
  expect(failureText({ telephoneNumber: '+1', error: { code: 'UpstreamTimeout', message: 'Too late.' } })).toBe(
    'UpstreamTimeout: Too late.',
  );
  expect(failureText({ telephoneNumber: '+1', error: { code: 'UpstreamTimeout', upstream: [] } })).toBe('UpstreamTimeout');
  expect(failureText({ telephoneNumber: '+1' })).toBe('no reason given');
});

test('the result has these members in this order, and no number in it', () => {
  const result = resultOf(GOOD);
  expect(Object.keys(result)).toEqual([
    'numbers',
    'succeeded',
    'failed',
    'failures',
    'upstreamRequests',
    'maxRequestsIn60s',
    'webhooks',
    'caughtUp',
    'seconds',
  ]);
  expect(result.failures).toEqual(PLANNED.map(({ error }) => error.message));
  expect(JSON.stringify(result)).not.toContain('+44');
});

test('the table shows the result, each failure text with its count, and every check', () => {
  const twice = { ...GOOD, failedItems: [...GOOD.failedItems, ...GOOD.failedItems.slice(0, 1)] };
  const text = table(resultOf(twice), checksOf({ ...GOOD, hook: { ...GOOD.hook, gaps: 2 } }));
  expect(text).toContain('2 x Invalid/missing required configuration attributes: Usage');
  expect(text).toMatch(/Upstream requests +5, at most 5 in any 60 s/);
  expect(text).toMatch(/ok +every webhook arrived/);
  expect(text).toMatch(/FAILED +no gap in their sequence +2/);
});

test('complains of what failed in one line, and not at all of a good run', () => {
  expect(complaint(checksOf(GOOD))).toBeUndefined();
  expect(complaint(checksOf({ ...GOOD, ...hook({ gaps: 2, duplicates: 1 }) }))).toBe(
    'Not as expected: no gap in their sequence (2); none arrived twice (1).',
  );
});
