import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { fromSecretText, signatureHeaders, toSecretText } from '../../../shared/webhooks/sign.ts';

const secret = (fill: number, bytes = 32): Uint8Array => new Uint8Array(bytes).fill(fill);

describe('signature headers', () => {
  it('are accepted by the reference verifier', () => {
    const body = JSON.stringify({ text: 'Zürich ☎' });
    const headers = signatureHeaders('evt_1', Date.now(), body, [secret(1)]);
    expect(new Webhook(toSecretText(secret(1))).verify(body, headers)).toEqual({ text: 'Zürich ☎' });
  });

  it('are accepted with each live secret during a rotation, and with no other', () => {
    const headers = signatureHeaders('evt_1', Date.now(), '{}', [secret(1), secret(2)]);
    expect(new Webhook(toSecretText(secret(1))).verify('{}', headers)).toEqual({});
    expect(new Webhook(toSecretText(secret(2))).verify('{}', headers)).toEqual({});
    expect(() => new Webhook(toSecretText(secret(3))).verify('{}', headers)).toThrow('No matching signature');
  });

  it('sign the id and the time too', () => {
    const headers = signatureHeaders('evt_1', Date.now(), '{}', [secret(1)]);
    expect(() => new Webhook(toSecretText(secret(1))).verify('{}', { ...headers, 'webhook-id': 'evt_2' })).toThrow();
  });

  it('tell the time in whole seconds', () => {
    expect(signatureHeaders('evt_1', 1_700_000_000_999, '{}', [secret(1)])['webhook-timestamp']).toBe('1700000000');
  });
});

describe('secret text', () => {
  it('comes back as the same bytes', () => expect(fromSecretText(toSecretText(secret(7, 24)))).toEqual(Buffer.from(secret(7, 24))));

  it.each([
    ['without the prefix', Buffer.from(secret(1)).toString('base64')],
    ['with 23 bytes', toSecretText(secret(1, 23))],
    ['with 65 bytes', toSecretText(secret(1, 65))],
    ['with characters outside base64', `${toSecretText(secret(1))}!`],
    ['in URL-safe base64', toSecretText(secret(0xff)).replaceAll('/', '_')],
  ])('is refused %s', (_name, text) => expect(fromSecretText(text)).toBeUndefined());
});
