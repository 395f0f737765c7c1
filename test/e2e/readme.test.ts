/** The lines of "The API by example" in the README, pasted into one bash in front of a whole stack. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paste } from '../support/paste.ts';
import { answersIn, bashOf, readReadme, scriptFor, sectionOf, type PrintedAnswer } from '../support/readme.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** The example waits for what never comes once an answer is not as expected. */
const DEADLINE_MS = 60_000;
/** No scan by the clock gets in the way of the one that the example asks for. */
const YEARLY = '0 0 0 1 1 *';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ settingsOverrides: { RFI_SCHEDULE: YEARLY } });
});
afterAll(() => stack.stop());

const pasteExample = async (): Promise<PrintedAnswer[]> => {
  const script = scriptFor(bashOf(sectionOf(readReadme(), 'The API by example')), stack.facts);
  const { code, printed, complaints } = await paste(script, DEADLINE_MS);
  expect(complaints).toBe('');
  expect(code, `it did not end; it had printed\n${printed}`).toBe(0);
  return answersIn(printed);
};

const TENANT = '5a000000-0000-4000-8000-000000000001';
const counts = (state: string) => ({ total: 252, [state]: 252 });
const problem = (code: string, target: string) => expect.objectContaining({ code, target }) as unknown;
const delivery = (type: string) => expect.objectContaining({ event: expect.objectContaining({ type }) as unknown, status: 204 }) as unknown;

const EXPECTED = [
  { status: 200, body: { kind: 'partner', partner: { id: 'acme' }, limits: { numbersPerOrder: 10_000 } } },
  { status: 201, body: { state: 'active', secret: expect.stringMatching(/^whsec_/) as unknown } },
  { status: 201, body: { id: 'contoso', accountName: 'acme-contoso', status: 'Pending' } },
  {
    status: 200,
    body: {
      valid: false,
      counts: { total: 2, valid: 1, invalid: 1 },
      items: [{ telephoneNumber: '+441632980000', error: { code: 'NumberNotAllocated' } }],
    },
  },
  { status: 202, body: { status: 'NotStarted', customerId: 'contoso', counts: counts('pending') } },
  { status: 200, body: { status: 'Succeeded', percentComplete: 100, counts: counts('succeeded') } },
  {
    status: 200,
    body: {
      value: ['+441632960000', '+441632960001'].map((telephoneNumber) => ({ telephoneNumber, status: 'succeeded' })),
      nextLink: expect.stringContaining('continuationToken=') as unknown,
    },
  },
  {
    status: 400,
    body: {
      error: {
        code: 'InvalidRequest',
        details: [
          problem('ServiceNotEnabled', '/profile/service'),
          problem('InvalidNumber', '/numbers/0'),
          problem('NumberNotAllocated', '/numbers/1'),
        ],
      },
    },
  },
  { status: 422, body: { error: { code: 'IdempotencyKeyReused' } } },
  { status: 202, body: { status: 'NotStarted' } },
  { status: 200, body: { value: [{ tenantId: TENANT, customerId: 'contoso', assignedPartnerId: 'acme', consentedCountries: ['UK'] }] } },
  {
    status: 200,
    body: {
      received: 5,
      verified: 5,
      gaps: 0,
      duplicates: 0,
      lastSequence: 5,
      // Whether the gateway confirms the account or its numbers first is its own affair.
      events: expect.arrayContaining(
        ['customer.created', 'customer.synced', 'number_order.started', 'number_order.succeeded', 'rfi.received'].map(delivery),
      ) as unknown,
    },
  },
  { status: 202, body: { status: 'NotStarted', action: 'release', counts: { total: 1, pending: 1 } } },
  { status: 201, body: { id: 'desks', shared: false } },
  { status: 202, body: { status: 'NotStarted', profileId: 'desks', counts: { total: 2, pending: 2 } } },
  { status: 202, body: { status: 'NotStarted', profileId: 'desks', counts: { total: 2, pending: 2 } } },
];

test('does what the README says, in order, and once more with the same order', async () => {
  const answers = await pasteExample();
  expect(answers).toMatchObject(EXPECTED);

  const again = await pasteExample();
  expect(again.map(({ status }) => status)).toEqual([200, 201, 200, 200, 202, 200, 200, 400, 422, 202, 200, 200, 202, 200, 202, 202]);
  const idOf = (answer: PrintedAnswer | undefined): unknown => (answer?.body as { id?: unknown } | undefined)?.id;
  expect(idOf(again[4])).toBe(idOf(answers[4]));
});
