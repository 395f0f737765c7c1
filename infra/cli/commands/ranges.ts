/** Which numbers a partner may order: for operators. */
import { UsageError, type Command, type Given } from '../command.ts';

type Range = { from: string; to: string };

const idOf = (given: Given): { partnerId: string } => ({ partnerId: given.args['partnerId'] ?? '' });

const rangeOf = (given: Given): Range => {
  const { from = '', to = '' } = given.args;
  if (!from.startsWith('+') || !to.startsWith('+')) throw new UsageError('a range goes from +E164 to +E164');
  return { from, to };
};

const isSame = (a: Range, b: Range): boolean => a.from === b.from && a.to === b.to;

/** Reads, changes and writes under the ETag, so that nobody else's change is lost. */
const change =
  (alter: (ranges: Range[], one: Range) => Range[]): Command['run'] =>
  async ({ client, given }) => {
    const params = idOf(given);
    const one = rangeOf(given);
    const { body } = await client.getNumberRanges({ params });
    if (body === undefined) throw new Error('the ranges were not shown');
    const ranges = alter(body.ranges, one);
    return { body: (await client.putNumberRanges({ params, body: { ranges }, ifMatch: body.etag })).body };
  };

export const rangeCommands: readonly Command[] = [
  {
    words: 'ranges list',
    args: ['partnerId'],
    what: 'which numbers a partner may order (operators)',
    examples: ['ranges list acme'],
    run: async ({ client, given }) => ({
      body: (await client.getNumberRanges({ params: idOf(given) })).body?.ranges ?? [],
      columns: ['from', 'to'],
    }),
  },
  {
    words: 'ranges add',
    args: ['partnerId', 'from', 'to'],
    what: 'give a partner more numbers (operators)',
    examples: ['ranges add acme +441632961000 +441632961999'],
    run: change((ranges, one) => [...ranges.filter((range) => !isSame(range, one)), one]),
  },
  {
    words: 'ranges remove',
    args: ['partnerId', 'from', 'to'],
    what: 'take numbers back that are not in use (operators)',
    examples: ['ranges remove acme +441632961000 +441632961999'],
    run: change((ranges, one) => {
      if (!ranges.some((range) => isSame(range, one))) throw new UsageError('the partner has no such range');
      return ranges.filter((range) => !isSame(range, one));
    }),
  },
];
