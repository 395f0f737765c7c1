import { describe, expect, it } from 'vitest';
import { prefersText } from '../../../shared/platform/http/request-headers.ts';

describe('the Accept header of a route that has JSON and CSV', () => {
  it.each([
    ['nothing', null, false],
    ['anything', '*/*', false],
    ['JSON', 'application/json', false],
    ['CSV', 'text/csv', true],
    ['CSV with a parameter', 'text/csv; charset=utf-8', true],
    ['any text', 'text/*', true],
    ['CSV rather than JSON', 'application/json;q=0.5, text/csv', true],
    ['JSON rather than CSV', 'text/csv;q=0.5, application/json', false],
    ['both alike', 'text/csv, application/json', false],
    ['CSV or else anything', 'text/csv, */*;q=0.1', true],
    ['anything but JSON', 'application/json;q=0, */*', true],
  ])('asking for %s', (_what, header, wanted) => expect(prefersText(header, 'text/csv')).toBe(wanted));

  it('that excludes both is refused', () => expect(() => prefersText('image/png', 'text/csv')).toThrow(/application\/json or text\/csv/));
});
