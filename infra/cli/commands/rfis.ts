/** Requests for information: reading them, and deciding. */
import type { AcceptRfiRequest } from '../../client/client.ts';
import { UsageError, type Command, type Given } from '../command.ts';
import { firstOf, LIMIT_FLAG } from '../pages.ts';

const tenantOf = (given: Given): { tenantId: string } => ({ tenantId: given.args['tenantId'] ?? '' });

const acceptance = (given: Given): AcceptRfiRequest => {
  const [comment, ticket, customerId] = [given.text('comment'), given.text('ticket'), given.text('create-customer')];
  const services = given.list('service') as NonNullable<AcceptRfiRequest['createCustomer']>['services'];
  return {
    ...(comment === undefined ? {} : { comment }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(customerId === undefined ? {} : { createCustomer: { customerId, services } }),
  };
};

export const rfiCommands: readonly Command[] = [
  {
    words: 'rfis list',
    flags: { ...LIMIT_FLAG, relationship: { what: 'only those', value: 'STATUS' } },
    what: 'requests for information, by tenant',
    examples: ['rfis list', 'rfis list --relationship ConsentAcknowledged'],
    run: async ({ client, given }) => ({
      body: await firstOf((page) => client.listRfis({ query: { relationship: given.text('relationship'), ...page } }), given.text('limit')),
      columns: ['tenantId', 'status', 'relationship.status', 'consentedCountries', 'assignedPartnerId', 'customerId', 'updatedAt'],
    }),
  },
  {
    words: 'rfis get',
    args: ['tenantId'],
    what: 'one of them, with contacts for those who may decide',
    examples: ['rfis get a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a'],
    run: async ({ client, given }) => ({ body: (await client.getRfi({ params: tenantOf(given) })).body }),
  },
  {
    words: 'rfis accept',
    args: ['tenantId'],
    flags: {
      comment: { what: 'for the gateway', value: 'TEXT' },
      ticket: { what: 'of yours', value: 'TEXT' },
      'create-customer': { what: 'make the customer in the same go', value: 'ID' },
      service: { what: 'that the customer is to have, as often as needed', value: 'NAME', many: true },
    },
    what: 'say yes, and make the customer where wanted',
    examples: ['rfis accept a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a --create-customer contoso --service teamsOperatorConnect'],
    run: async ({ client, given, io }) => ({
      body: (await client.acceptRfi({ params: tenantOf(given), body: acceptance(given), idempotencyKey: io.newKey() })).body,
    }),
  },
  {
    words: 'rfis decline',
    args: ['tenantId'],
    flags: { reason: { what: 'mandatory', value: 'TEXT' } },
    what: 'say no',
    examples: ['rfis decline a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a --reason "No service in this country"'],
    run: async ({ client, given, io }) => {
      const reason = given.text('reason');
      if (reason === undefined) throw new UsageError('why? Say --reason');
      return { body: (await client.declineRfi({ params: tenantOf(given), body: { reason }, idempotencyKey: io.newKey() })).body };
    },
  },
  {
    words: 'rfis assign',
    args: ['tenantId', 'partnerId'],
    what: 'say whose it is (operators)',
    examples: ['rfis assign a7f4bd5c-cc01-40f4-8baa-2b6bdb272b8a acme'],
    run: async ({ client, given }) => ({
      body: (await client.putRfiAssignment({ params: tenantOf(given), body: { partnerId: given.args['partnerId'] ?? '' } })).body,
    }),
  },
  {
    words: 'rfis sync',
    what: 'fetch them from the gateway now (operators)',
    examples: ['rfis sync'],
    run: async ({ client, io }) => ({ body: (await client.syncRfis({ idempotencyKey: io.newKey() })).body }),
  },
];
