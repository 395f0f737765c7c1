import { describe, expect, it } from 'vitest';
import { secretBox, toSecretKey } from '../../../shared/platform/secrets/secret-box.ts';

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const box = secretBox(key(1));

describe('the secret box', () => {
  it('opens what it sealed, in the same place', () => {
    const sealed = box.seal('whsec_text', 'p|s');
    expect(sealed).not.toContain('whsec');
    expect(box.open(sealed, 'p|s')).toEqual({ outcome: 'opened', text: 'whsec_text' });
  });

  it('never seals to the same text twice', () => expect(box.seal('a', 'p')).not.toBe(box.seal('a', 'p')));
  it('refuses what was sealed for another place', () => expect(box.open(box.seal('a', 'p|s1'), 'p|s2')).toEqual({ outcome: 'altered' }));
  it('says when another key is needed', () => expect(box.open(secretBox(key(2)).seal('a', 'p'), 'p')).toEqual({ outcome: 'otherKey' }));

  it('refuses a changed text', () => {
    const parts = box.seal('a', 'p').split('.');
    const data = Buffer.from(parts[3] ?? '', 'base64url');
    data[0] = (data[0] ?? 0) ^ 1;
    expect(box.open([...parts.slice(0, 3), data.toString('base64url')].join('.'), 'p')).toEqual({ outcome: 'altered' });
  });

  it.each(['', 'whsec_plain', 'v1.a.b', 'v2.a.b.c', 'v1.a.b.c.d'])('refuses %j, which is no sealed text', (text) =>
    expect(box.open(text, 'p')).toEqual({ outcome: 'badText' }),
  );
});

describe('the key setting', () => {
  it('is the base64 of 32 bytes', () => expect(toSecretKey(Buffer.from(key(3)).toString('base64'))).toEqual(Buffer.from(key(3))));
  it.each(['', 'short', Buffer.alloc(31).toString('base64'), `${Buffer.alloc(32).toString('base64')} `])('is not %j', (text) =>
    expect(toSecretKey(text)).toBeUndefined(),
  );
});
