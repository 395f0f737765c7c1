/** One contract for both ways to keep a secret: with a key of a setting, and with data keys that Key Vault wraps (its emulator, by the real SDK). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVault, type Vault } from '../../infra/local/key-vault/vault.ts';
import { ensureCertificates, trust } from '../../infra/local/lib/certificates.ts';
import { envelopeBox } from '../../shared/platform/secrets/envelope-box.ts';
import { secretBox, type SecretBox } from '../../shared/platform/secrets/secret-box.ts';
import { vaultKeyWrapper } from '../../shared/platform/secrets/vault-key-wrapper.ts';

const dir = mkdtempSync(join(tmpdir(), 'key-vault-'));
let vault: Vault;
let allowed = true;

beforeAll(async () => {
  const { cert, key, ca } = await ensureCertificates(dir);
  trust(ca);
  const authority = 'https://login.microsoftonline.com/5a000000-0000-4000-8000-000000000001';
  vault = await startVault({
    port: 0,
    cert,
    key,
    keys: ['webhook-wrapping', 'other'],
    mayUse: (token) => allowed && token === 'good',
    authority,
  });
});
afterAll(async () => {
  await vault.close();
  rmSync(dir, { recursive: true });
});

const credential = { getToken: () => Promise.resolve({ token: 'good', expiresOnTimestamp: Date.now() + 3_600_000 }) };
const wrapperOf = (name: string) =>
  vaultKeyWrapper({
    keyUrl: `${vault.url}/keys/${name}`,
    credential,
    client: { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 0 } },
  });
const localKey = (fill: number) => new Uint8Array(32).fill(fill);

const KINDS: [string, () => SecretBox, () => SecretBox][] = [
  ['a key of a setting', () => secretBox(localKey(1)), () => secretBox(localKey(2))],
  ['keys wrapped by a vault', () => envelopeBox(wrapperOf('webhook-wrapping')), () => envelopeBox(wrapperOf('other'))],
];

/** Whatever goes wrong, the text does not come out. */
const opened = async (box: SecretBox, sealed: string, place: string): Promise<string> => {
  try {
    const result = await box.open(sealed, place);
    return result.outcome === 'opened' ? result.text : result.outcome;
  } catch {
    return 'rejected';
  }
};

describe.each(KINDS)('a box with %s', (_kind, make, makeOther) => {
  it('opens what it sealed, in the same place', async () => {
    const box = make();
    const sealed = await box.seal('whsec_text ☎', 'p|s');
    expect(sealed).not.toContain('whsec');
    expect(await box.open(sealed, 'p|s')).toEqual({ outcome: 'opened', text: 'whsec_text ☎' });
  });

  it('opens what another process with the same key sealed', async () =>
    expect(await opened(make(), await make().seal('a', 'p'), 'p')).toBe('a'));

  it('never seals to the same text twice', async () => {
    const box = make();
    expect(await box.seal('a', 'p')).not.toBe(await box.seal('a', 'p'));
  });

  it('refuses what was sealed for another place', async () => {
    const box = make();
    expect(await opened(box, await box.seal('a', 'p|s1'), 'p|s2')).toBe('altered');
  });

  it('does not open what another key sealed', async () =>
    expect(['otherKey', 'rejected', 'altered']).toContain(await opened(make(), await makeOther().seal('a', 'p'), 'p')));

  it('refuses every change of the text', async () => {
    const box = make();
    const sealed = await box.seal('a', 'p');
    for (const [n, part] of sealed.split('.').entries()) {
      const parts = sealed.split('.');
      const bytes = Buffer.from(part, 'base64url');
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      parts[n] = bytes.toString('base64url');
      expect(await opened(make(), parts.join('.'), 'p'), `part ${n}`).not.toBe('a');
    }
  });

  it.each(['', 'whsec_plain', 'v1.a.b', 'v2.a.b', 'v3.a.b.c', 'v1.a.b.c.d'])('refuses %j, which is no sealed text', async (text) =>
    expect(await make().open(text, 'p')).toEqual({ outcome: 'badText' }),
  );
});

describe('keys in a vault', () => {
  it('are asked for once for each secret, however often it is opened', async () => {
    const box = envelopeBox(wrapperOf('webhook-wrapping'));
    const sealed = await box.seal('a', 'p');
    const before = vault.counts.get('unwrapkey') ?? 0;
    for (let n = 0; n < 5; n++) expect(await opened(box, sealed, 'p')).toBe('a');
    expect((vault.counts.get('unwrapkey') ?? 0) - before).toBe(1);
  });

  it('may be rotated: what the old version wrapped still opens', async () => {
    const sealed = await envelopeBox(wrapperOf('webhook-wrapping')).seal('old', 'p');
    const version = vault.rotate('webhook-wrapping');
    const box = envelopeBox(wrapperOf('webhook-wrapping'));
    expect(await opened(box, sealed, 'p')).toBe('old');
    const newer = await box.seal('new', 'p');
    expect(Buffer.from(newer.split('.')[1] ?? '', 'base64url').toString()).toMatch(new RegExp(`/keys/webhook-wrapping/${version}$`));
  });

  it('are asked for again after the vault was away', async () => {
    const sealed = await envelopeBox(wrapperOf('webhook-wrapping')).seal('a', 'p');
    const box = envelopeBox(wrapperOf('webhook-wrapping'));
    allowed = false;
    expect(await opened(box, sealed, 'p')).toBe('rejected');
    allowed = true;
    expect(await opened(box, sealed, 'p')).toBe('a');
  });

  it('are not sent to another vault that a row names', async () => {
    const elsewhere = Buffer.from('https://vault.attacker.example/keys/webhook-wrapping/1').toString('base64url');
    const [version, , ...rest] = (await envelopeBox(wrapperOf('webhook-wrapping')).seal('a', 'p')).split('.');
    await expect(envelopeBox(wrapperOf('webhook-wrapping')).open([version, elsewhere, ...rest].join('.'), 'p')).rejects.toThrow(
      'another vault',
    );
  });

  it('leave what was sealed with the key of a setting readable', async () => {
    const local = secretBox(localKey(1));
    expect(await opened(envelopeBox(wrapperOf('webhook-wrapping'), local), local.seal('before', 'p'), 'p')).toBe('before');
  });
});
