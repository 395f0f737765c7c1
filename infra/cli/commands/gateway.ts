/** The gateway's own truth, for operators: its accounts, taking them over, and what differs from ours. */
import type { AdoptAccountRequest, Adoption } from '../../client/client.ts';
import { UsageError, type Command, type Given } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { firstOf, LIMIT_FLAG } from '../pages.ts';
import { waitFor } from '../wait.ts';

const ADOPTED = ['Succeeded', 'PartiallySucceeded', 'Failed'];

const placeOf = (given: Given): { partnerId: string; customerId: string } => ({
  partnerId: given.args['partnerId'] ?? '',
  customerId: given.args['customerId'] ?? '',
});

const outsideOf = (given: Given): Pick<AdoptAccountRequest, 'outsideRanges'> => {
  const asked = given.text('outside-ranges');
  if (asked === undefined) return {};
  if (asked !== 'adopt' && asked !== 'refuse') throw new UsageError('--outside-ranges is adopt or refuse');
  return { outsideRanges: asked };
};

const progressOf = ({ customerId, status, numbers }: Adoption): string =>
  `${customerId}: ${status}, ${numbers.adopted}${numbers.total === undefined ? '' : ` of ${numbers.total}`} numbers`;

export const gatewayCommands: readonly Command[] = [
  {
    words: 'accounts list',
    flags: LIMIT_FLAG,
    what: 'all accounts of the gateway, and whose they are (operators)',
    examples: ['accounts list --limit 500'],
    run: async ({ client, given }) => ({
      body: await firstOf((query) => client.listUpstreamAccounts({ query }), given.text('limit')),
    }),
  },
  {
    words: 'accounts adopt',
    args: ['accountName', 'partnerId', 'customerId'],
    flags: {
      'outside-ranges': { what: 'numbers outside the ranges of the partner: adopt (default) or refuse', value: 'WHAT' },
      wait: { what: 'until all numbers are taken over' },
    },
    what: 'take over an account that exists already, with its numbers (operators)',
    examples: ['accounts adopt legacy-contoso acme contoso --wait'],
    run: async ({ client, given, io }) => {
      const params = placeOf(given);
      const { body } = await client.adoptAccount({ params, body: { accountName: given.args['accountName'] ?? '', ...outsideOf(given) } });
      if (!given.has('wait')) return { body };
      const ended = await waitFor(
        io,
        async () => (await client.getAdoption({ params })).body,
        ({ status }) => ADOPTED.includes(status),
        progressOf,
      );
      return { body: ended, exit: ended.status === 'Succeeded' ? EXIT.done : EXIT.notAllWell };
    },
  },
  {
    words: 'reconcile',
    what: 'compare everything with the gateway now (operators)',
    examples: ['reconcile'],
    run: async ({ client, io }) => ({ body: (await client.startReconcile({ idempotencyKey: io.newKey() })).body }),
  },
  {
    words: 'drift list',
    flags: { ...LIMIT_FLAG, all: { what: 'also what was decided' } },
    what: 'what the gateway holds otherwise (operators)',
    examples: ['drift list'],
    run: async ({ client, given }) => {
      const status = given.has('all') ? undefined : ('open' as const);
      return {
        body: await firstOf((page) => client.listDrift({ query: { status, ...page } }), given.text('limit')),
        columns: ['id', 'kind', 'status', 'partnerId', 'customerId', 'telephoneNumber', 'lastSeenAt'],
      };
    },
  },
  {
    words: 'drift accept',
    args: ['driftId'],
    what: "take the gateway's state for ours (operators)",
    examples: ['drift accept 01jd8'],
    run: async ({ client, given, io }) => ({
      body: (await client.acceptDrift({ params: { driftId: given.args['driftId'] ?? '' }, idempotencyKey: io.newKey() })).body,
    }),
  },
  {
    words: 'drift reapply',
    args: ['driftId'],
    what: 'put back what is ours (operators)',
    examples: ['drift reapply 01jd8'],
    run: async ({ client, given, io }) => ({
      body: (await client.reapplyDrift({ params: { driftId: given.args['driftId'] ?? '' }, idempotencyKey: io.newKey() })).body,
    }),
  },
];
