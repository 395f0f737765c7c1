/** Nothing private leaves by a log, a span, a metric or an event: a day's work with values that are searched for everywhere afterwards. */
import { expect, test } from 'vitest';
import { answer } from '../webhooks/log-world.ts';
import { CANARY, leaksIn, NUMBERS, PARTNER_NEEDLES, PRIVATE_NEEDLES, type Needle } from './canaries.ts';
import { canaryJourney, type Plant, type Witness } from './canary-journey.ts';

const [NUMBER = ''] = NUMBERS;
const day = await canaryJourney();

const keyNeedles = ({ apiKey }: Witness): Needle[] => [{ what: 'apiKey', text: apiKey.slice('acg_'.length) }];
const watchedLeaks = (witness: Witness): string[] =>
  leaksIn([...witness.logs, ...witness.telemetry], [...PRIVATE_NEEDLES, ...PARTNER_NEEDLES, ...keyNeedles(witness)]);

test('no secret, contact, token, key or telephone number is in a log, a span or a metric', () => {
  expect(watchedLeaks(day)).toEqual([]);
});

test('no secret, contact, token or key is in the body of an event', () => {
  const bodies = day.posted.map(({ body }) => body);
  expect(leaksIn(bodies, [...PRIVATE_NEEDLES, ...keyNeedles(day)])).toEqual([]);
});

test('all of it was there to leak', () => {
  const seen = [...day.answers.map(({ text }) => text), ...day.posted.map((request) => JSON.stringify(request))].join();
  const { secret, deliveryHeader, urlToken, sipHeader, contactName, contactEmail, contactPhone, company } = CANARY;
  const shown = [secret, deliveryHeader, urlToken, sipHeader, contactName, contactEmail, contactPhone, company, day.apiKey, ...NUMBERS];
  expect(shown.filter((text) => !seen.includes(text))).toEqual([]);
  const statuses = day.answers.map(({ status }) => status);
  for (const status of [200, 201, 202, 204, 400, 401, 404, 405, 422, 500]) expect(statuses).toContain(status);
  const logged = day.logs.join('\n');
  expect(logged).toContain('"attempted":1,"delivered":0');
  expect(logged).toContain('a wake was not served');
  expect(logged).toContain(`not able to answer asked|acme/44*******${NUMBER.slice(-2)}`);
  expect(day.telemetry.join()).toMatch(/PUT \/accounts.*webhook POST.*acg\.webhooks/);
});

/** A delivery that does this besides. */
const posting =
  (work: (write: (line: string) => void) => void): Plant =>
  (_, write) => ({
    post: async () => {
      work(write);
      return answer(204);
    },
  });

const LEAKS: readonly (readonly [string, Plant, string])[] = [
  ['writes a number into a log', posting((write) => write(`{"message":"posted for ${NUMBER}"}`)), 'number'],
  ['encodes the number', posting((write) => write(`GET /numbers?of=${encodeURIComponent(NUMBER)}`)), 'number'],
  [
    'throws an error that names a contact',
    posting(() => {
      throw new Error(`${CANARY.contactName} was not told`);
    }),
    'contactName',
  ],
  [
    'names a span by its URL',
    ({ telemetry }) => {
      telemetry?.addSpan({ name: `POST /hooks?token=${CANARY.urlToken}`, kind: 'client', startMs: 0, endMs: 1 });
      return {};
    },
    'urlToken',
  ],
  [
    'counts by token',
    ({ telemetry }) => {
      telemetry?.measure('acg.upstream.requests', 1, { method: CANARY.txtToken, status: '200' });
      return {};
    },
    'txtToken',
  ],
];

test.each(LEAKS)('an app is found out that %s', async (_what, plant, found) => {
  const leaks = watchedLeaks(await canaryJourney(plant));
  expect(leaks.some((leak) => leak.startsWith(found))).toBe(true);
});
