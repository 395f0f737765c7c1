/** Number orders: placing, following, canceling, trying again. */
import type { NumberOrder, NumberOrderRequest, NumberSettingsInput } from '../../client/client.ts';
import { UsageError, type Command, type Context, type Given, type Outcome } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { firstOf, LIMIT_FLAG } from '../pages.ts';
import { waitFor } from '../wait.ts';

const ENDED = ['Succeeded', 'PartiallySucceeded', 'Failed', 'Canceled'];
const LIST_COLUMNS = ['id', 'status', 'action', 'customerId', 'counts.total', 'counts.succeeded', 'counts.failed', 'createdAt'];
const ITEM_COLUMNS = ['telephoneNumber', 'status', 'error.code', 'error.message', 'nextStep'];
const WAIT_FLAG = { wait: { what: 'until it has ended, with progress' } } as const;

const PLACE_FLAGS = {
  customer: { what: 'whose numbers they are', value: 'ID' },
  number: { what: 'a number, as often as needed', value: '+E164', many: true },
  range: { what: 'from and to, as often as needed', value: '+E164-+E164', many: true },
  csv: { what: 'a file with numbers, or - for what is piped in', value: 'FILE' },
  profile: { what: 'a profile of yours', value: 'ID' },
  service: { what: 'instead of a profile: the service', value: 'NAME' },
  usage: { what: 'instead of a profile: what the numbers are for', value: 'NAME' },
  capability: { what: 'instead of a profile: as often as needed', value: 'NAME', many: true },
  'tenant-may-update': { what: 'instead of a profile: the customer may change the emergency address' },
  reference: { what: 'what you call the order', value: 'TEXT' },
  'allow-partial': { what: 'bad numbers fail one by one' },
  'enable-service': { what: 'switch the service on where the customer lacks it' },
  'idempotency-key': { what: 'one key, one order, however often it is sent', value: 'KEY' },
} as const;

const customerOf = (given: Given): string => {
  const customerId = given.text('customer');
  if (customerId === undefined) throw new UsageError('whose numbers? Say --customer');
  return customerId;
};

const numbersOf = (given: Given): Pick<NumberOrderRequest, 'numbers' | 'ranges'> => ({
  numbers: given.list('number'),
  ranges: given.list('range').map((text) => {
    const [from, to, more] = text.split('-');
    if (from === undefined || to === undefined || more !== undefined) throw new UsageError(`${text}: a range is +E164-+E164`);
    return { from, to };
  }),
});

const settingsOf = (given: Given): { profileId: string } | { profile: NumberSettingsInput } => {
  const [profileId, service, usage] = [given.text('profile'), given.text('service'), given.text('usage')];
  if (profileId !== undefined) return { profileId };
  if (service === undefined) throw new UsageError('as what? Say --profile, or --service with --usage and --capability');
  const teams = {
    ...(usage === undefined ? {} : { usage }),
    ...(given.list('capability').length === 0 ? {} : { capabilities: given.list('capability') }),
    ...(given.has('tenant-may-update') ? { emergency: { tenantMayUpdate: true } } : {}),
  };
  return { profile: { service, ...teams } as NumberSettingsInput };
};

const orderOf = (given: Given, action: 'provision' | 'release'): NumberOrderRequest => {
  const reference = given.text('reference');
  return {
    action,
    customerId: customerOf(given),
    ...numbersOf(given),
    ...(action === 'release' ? {} : settingsOf(given)),
    ...(given.has('enable-service') ? { ensureService: 'enable' } : {}),
    ...(given.has('allow-partial') ? { allowPartial: true } : {}),
    ...(reference === undefined ? {} : { externalReference: reference }),
  };
};

/** The same order as parameters beside a file of numbers. */
const queryOf = (given: Given, action: 'provision' | 'release') => {
  const [reference, profileId] = [given.text('reference'), given.text('profile')];
  return {
    action,
    customerId: customerOf(given),
    ...(profileId === undefined ? {} : { profileId }),
    ...(given.has('enable-service') ? { ensureService: 'enable' as const } : {}),
    ...(given.has('allow-partial') ? { allowPartial: 'true' as const } : {}),
    ...(reference === undefined ? {} : { externalReference: reference }),
  };
};

const lineOf = ({ id, status, counts, percentComplete, waitingFor }: NumberOrder): string =>
  `${id}: ${status}, ${percentComplete} %, ${counts.succeeded} of ${counts.total} confirmed${counts.failed > 0 ? `, ${counts.failed} failed` : ''}` +
  (waitingFor === undefined ? '' : `, waiting: ${waitingFor.reason}`);

const exitOf = ({ status }: NumberOrder): ExitCode => (ENDED.includes(status) && status !== 'Succeeded' ? EXIT.notAllWell : EXIT.done);

const waitForOrder = async ({ client, io }: Context, orderId: string): Promise<Outcome> => {
  const read = async (): Promise<NumberOrder> => {
    const { body } = await client.getOrder({ params: { orderId } });
    if (body === undefined) throw new Error(`order ${orderId} was not shown`);
    return body;
  };
  const order = await waitFor(io, read, ({ status }) => ENDED.includes(status), lineOf);
  const note = order.counts.failed > 0 ? `acg orders items ${orderId} --status failed says why.` : undefined;
  return { body: order, exit: exitOf(order), ...(note === undefined ? {} : { note }) };
};

const place =
  (action: 'provision' | 'release') =>
  async (context: Context): Promise<Outcome> => {
    const { client, given, io } = context;
    const idempotencyKey = given.text('idempotency-key') ?? io.newKey();
    const file = given.text('csv');
    const { body } =
      file === undefined
        ? await client.createOrder({ body: orderOf(given, action), idempotencyKey })
        : await client.createOrder({ csv: await io.readText(file), query: queryOf(given, action), idempotencyKey });
    return given.has('wait') ? waitForOrder(context, body.id) : { body };
  };

const idOf = (given: Given): { orderId: string } => ({ orderId: given.args['orderId'] ?? '' });

export const orderCommands: readonly Command[] = [
  {
    words: 'orders create',
    flags: { ...PLACE_FLAGS, ...WAIT_FLAG },
    what: 'order numbers',
    examples: [
      'orders create --customer contoso --number +441632960000 --profile oc-users --wait',
      'orders create --customer contoso --csv numbers.csv --profile oc-users --wait',
      'orders create --customer contoso --range +441632960100-+441632960199 --service teamsOperatorConnect --usage CallingUserAssignment ' +
        '--capability InboundCalling --capability OutboundCalling --tenant-may-update',
    ],
    run: place('provision'),
  },
  {
    words: 'orders release',
    flags: { ...PLACE_FLAGS, ...WAIT_FLAG },
    what: 'give numbers back',
    examples: ['orders release --customer contoso --number +441632960000 --wait'],
    run: place('release'),
  },
  {
    words: 'orders validate',
    flags: PLACE_FLAGS,
    what: 'say what an order would meet, without placing it',
    examples: ['orders validate --customer contoso --number +441632960000 --profile oc-users'],
    run: async ({ client, given }) => {
      const { body } = await client.validateOrder({ body: orderOf(given, 'provision') });
      return { body, exit: body.valid ? EXIT.done : EXIT.notAllWell };
    },
  },
  {
    words: 'orders list',
    flags: { ...LIMIT_FLAG, status: { what: 'only those', value: 'STATUS' }, customer: { what: 'only of this one', value: 'ID' } },
    what: 'your orders, the newest first',
    examples: ['orders list', 'orders list --status Running'],
    run: async ({ client, given }) => {
      const filter = { status: given.text('status') as NumberOrder['status'] | undefined, customerId: given.text('customer') };
      const body = await firstOf((page) => client.listOrders({ query: { ...filter, ...page } }), given.text('limit'));
      return { body, columns: LIST_COLUMNS };
    },
  },
  {
    words: 'orders get',
    args: ['orderId'],
    flags: WAIT_FLAG,
    what: 'one order',
    examples: ['orders get 0b6f1c', 'orders get 0b6f1c --wait'],
    run: async (context) => {
      const { client, given } = context;
      if (given.has('wait')) return waitForOrder(context, idOf(given).orderId);
      return { body: (await client.getOrder({ params: idOf(given) })).body };
    },
  },
  {
    words: 'orders items',
    args: ['orderId'],
    flags: { ...LIMIT_FLAG, status: { what: 'only those, such as failed', value: 'STATUS' } },
    what: 'what became of each number',
    examples: ['orders items 0b6f1c --status failed'],
    run: async ({ client, given }) => {
      const status = given.text('status') as 'failed' | undefined;
      const body = await firstOf((page) => client.listOrderItems({ params: idOf(given), query: { status, ...page } }), given.text('limit'));
      return { body, columns: ITEM_COLUMNS };
    },
  },
  {
    words: 'orders cancel',
    args: ['orderId'],
    what: 'stop what of an order was not sent yet',
    examples: ['orders cancel 0b6f1c'],
    run: async ({ client, given, io }) => ({ body: (await client.cancelOrder({ params: idOf(given), idempotencyKey: io.newKey() })).body }),
  },
  {
    words: 'orders retry',
    args: ['orderId'],
    flags: { ...WAIT_FLAG, only: { what: 'retryable (default) or failed', value: 'WHICH' } },
    what: 'order the failed numbers of an order again',
    examples: ['orders retry 0b6f1c --only failed --wait'],
    run: async (context) => {
      const { client, given, io } = context;
      const only = given.text('only') === 'failed' ? 'failed' : 'retryable';
      const { body } = await client.retryOrder({ params: idOf(given), body: { only }, idempotencyKey: io.newKey() });
      return given.has('wait') ? waitForOrder(context, body.id) : { body };
    },
  },
];
