/** The code of a Service Bus failure is found wherever the library put it. */
import { describe, expect, it } from 'vitest';
import { toBusError } from '../../../shared/platform/bus/errors.ts';

const busy = Object.assign(new Error('busy'), { code: 'ServiceBusy' });

describe('a bus error', () => {
  it.each<[string, unknown, unknown]>([
    ['a single one', busy, { code: 'ServiceBusy', message: 'busy' }],
    ['a collection', new AggregateError([new Error('first'), busy], ''), { code: 'ServiceBusy', message: 'busy' }],
    ['a collection of collections', new AggregateError([new AggregateError([busy])]), { code: 'ServiceBusy', message: 'busy' }],
    ['an empty collection', new AggregateError([]), { code: 'Unknown', message: 'undefined' }],
    ['one without a code', new Error('odd'), { code: 'Unknown', message: 'odd' }],
    ['no error at all', 'text', { code: 'Unknown', message: 'text' }],
  ])('comes out of %s', (_, thrown, expected) => expect(toBusError(thrown)).toEqual(expected));
});
