/** Single numbers as they are known. */
import type { Command } from '../command.ts';
import { firstOf, LIMIT_FLAG } from '../pages.ts';

export const numberCommands: readonly Command[] = [
  {
    words: 'numbers list',
    flags: { ...LIMIT_FLAG, customer: { what: 'only of this one', value: 'ID' } },
    what: 'your numbers',
    examples: ['numbers list', 'numbers list --customer contoso --limit 1000'],
    run: async ({ client, given }) => ({
      body: await firstOf((page) => client.listNumbers({ query: { customerId: given.text('customer'), ...page } }), given.text('limit')),
      columns: ['telephoneNumber', 'customerId', 'status', 'lastOrderId'],
    }),
  },
  {
    words: 'numbers get',
    args: ['telephoneNumber'],
    flags: { refresh: { what: 'ask the gateway' } },
    what: 'one number',
    examples: ['numbers get +441632960000 --refresh'],
    run: async ({ client, given }) => {
      const params = { telephoneNumber: (given.args['telephoneNumber'] ?? '').replace(/^\+/, '') };
      const query = given.has('refresh') ? ({ refresh: 'true' } as const) : {};
      return { body: (await client.getNumber({ params, query })).body };
    },
  },
];
