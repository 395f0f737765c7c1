/** Whatever upstream answers, an error with a code and a message comes out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUpstreamError } from '../../../shared/platform/upstream/errors.ts';

const detail = { code: 'InvalidRequest', message: 'Invalid/missing required configuration attributes: Usage', target: 'oc' };

describe('an upstream error', () => {
  it('comes out of its wrapper word for word, with target and details', () => {
    const error = { code: 'BadBatch', message: '2 numbers are wrong', target: 'numbers', details: [detail], innererror: { code: 'x' } };
    expect(parseUpstreamError({ error }, 400)).toEqual({
      code: 'BadBatch',
      message: '2 numbers are wrong',
      target: 'numbers',
      details: [detail],
    });
  });

  it.each([
    ['a bare error', detail, 400, detail],
    ['an item of serviceProvisioningErrors', detail, undefined, detail],
    ['a bare error with details', { code: 'C', message: 'M', details: [detail] }, 400, { code: 'C', message: 'M', details: [detail] }],
    [
      'a problem document',
      { type: 'about:blank', title: 'Conflict', status: 409, detail: 'Held.' },
      409,
      { code: 'Conflict', message: 'Held.' },
    ],
    ['an OAuth error', { error: 'invalid_token', error_description: 'expired' }, 401, { code: 'invalid_token', message: 'expired' }],
    ['a code without a message', { error: { code: 'Teapot' } }, 418, { code: 'Teapot', message: 'Teapot' }],
    ['null details', { error: { code: 'C', message: 'M', details: null, target: null } }, 400, { code: 'C', message: 'M' }],
    ['HTML, which is no JSON', undefined, 502, { code: 'Http502', message: 'Http502' }],
    ['an empty object', {}, 500, { code: 'Http500', message: 'Http500' }],
    ['an array', [detail], 500, { code: 'Http500', message: 'Http500' }],
    ['text', 'over quota', 429, { code: 'Http429', message: 'over quota' }],
    ['a numeric code', { code: 50009, message: 'busy' }, 503, { code: '50009', message: 'busy' }],
  ])('survives %s', (_, body, status, expected) => expect(parseUpstreamError(body, status)).toEqual(expected));

  it('never throws and always has a code and a message', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const error = parseUpstreamError(body, 500);
        return error.code !== '' && error.message !== '';
      }),
    );
  });
});
