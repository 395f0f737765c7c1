import { describe, expect, it } from 'vitest';
import { checkTarget } from '../../../shared/webhooks/target-policy.ts';

describe('webhook targets', () => {
  it('are stored in their normal form', () =>
    expect(checkTarget('HTTPS://BSS.Acme.Example:443/hooks?a=1', false)).toEqual({
      outcome: 'allowed',
      url: 'https://bss.acme.example/hooks?a=1',
    }));

  it.each([
    ['hooks', 'NotAUrl'],
    ['https://', 'NotAUrl'],
    ['http://bss.acme.example/hooks', 'HttpsRequired'],
    ['ftp://bss.acme.example/hooks', 'HttpsRequired'],
    ['file:///etc/passwd', 'NotAUrl'],
    ['https://user:pw@bss.acme.example/', 'CredentialsInUrl'],
    ['https://bss.acme.example/#x', 'FragmentInUrl'],
    ['https://bss.acme.example/#', 'FragmentInUrl'],
    ['http://localhost:9000/', 'HttpsRequired'],
    ['https://localhost:9000/', 'HostNotPublic'],
    ['https://localhost./', 'HostNotPublic'],
    ['https://127.1/', 'HostNotPublic'],
    ['https://0x7f000001/', 'HostNotPublic'],
    ['https://[::1]/', 'HostNotPublic'],
    ['https://10.1.2.3/', 'NameRequired'],
    ['https://167838211/', 'NameRequired'],
    ['https://0xa010203/', 'NameRequired'],
    ['https://012.1.2.3/', 'NameRequired'],
    ['https://168.63.129.16./', 'NameRequired'],
    ['https://203.0.113.7/', 'NameRequired'],
    ['https://[::ffff:10.1.2.3]/', 'NameRequired'],
    ['https://metadata/', 'HostNotPublic'],
    ['https://metadata.google.internal/', 'HostNotPublic'],
    ['https://printer.local/', 'HostNotPublic'],
  ])('refuse %s: %s', (url, reason) => expect(checkTarget(url, false)).toEqual({ outcome: 'refused', reason }));

  it('may be this machine over http only with the local switch', () => {
    expect(checkTarget('http://127.0.0.1:7445/hooks', true)).toMatchObject({ outcome: 'allowed' });
    expect(checkTarget('http://localhost:7445/hooks', true)).toMatchObject({ outcome: 'allowed' });
    expect(checkTarget('http://bss.acme.example/hooks', true)).toEqual({ outcome: 'refused', reason: 'HttpsRequired' });
    expect(checkTarget('http://10.0.0.1/hooks', true)).toEqual({ outcome: 'refused', reason: 'HttpsRequired' });
  });
});
