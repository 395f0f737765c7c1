/** A wake says whom to look at and nothing else; what is not one is recognised. */
import { describe, expect, it } from 'vitest';
import { fromWakeBody, sessionOf, toWakeBody, type Wake } from '../../../shared/platform/bus/envelope.ts';

describe('a wake', () => {
  it.each<[Wake, unknown, string]>([
    [{ kind: 'lane', lane: 'acc|contoso' }, { v: 1, wake: { lane: 'acc|contoso' } }, 'acc|contoso'],
    [{ kind: 'subscription', subscription: 'sub1' }, { v: 1, wake: { subscription: 'sub1' } }, 'sub1'],
  ])('of %o travels in the session of whom it wakes, and is read back', (wake, body, session) => {
    expect(toWakeBody(wake)).toEqual(body);
    expect(sessionOf(wake)).toBe(session);
    expect(fromWakeBody(JSON.parse(JSON.stringify(body)))).toEqual(wake);
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ v: 2, wake: { lane: 'x' } }],
    [{ v: 1, wake: {} }],
    [{ v: 1, wake: { lane: '' } }],
    [{ v: 1, lane: 'x' }],
  ])('is not %j', (body) => expect(fromWakeBody(body)).toBeUndefined());
});
