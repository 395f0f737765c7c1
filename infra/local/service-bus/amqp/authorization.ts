/** Who may use which entity: shared access signatures, and what a connection has shown so far. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { toPath } from './addresses.ts';

/** Proof that came over $cbs: its type, the token, and the audience it is for. */
export type Claim = { type: string; token: string; audience: string };
export type Judgement = { kind: 'authorized'; expiresAtMs: number } | { kind: 'refused'; why: string };
export type Authenticate = (claim: Claim) => Promise<Judgement>;

export type SharedKey = { name: string; key: string };

export const SAS_TYPE = 'servicebus.windows.net:sastoken';
export const JWT_TYPE = 'jwt';

const refused = (why: string): Judgement => ({ kind: 'refused', why });

/** Checks a shared access signature: key name, signature, time, and that it covers the audience. */
export const checkSharedAccess = (claim: Claim, sharedKey: SharedKey, nowMs: number): Judgement => {
  const fields = new Map(
    claim.token
      .replace(/^SharedAccessSignature /, '')
      .split('&')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
  );
  const [resource, expiry, signature] = [fields.get('sr') ?? '', fields.get('se') ?? '', decodeURIComponent(fields.get('sig') ?? '')];
  if (decodeURIComponent(fields.get('skn') ?? '') !== sharedKey.name) return refused('The key name is unknown.');
  const expected = createHmac('sha256', sharedKey.key).update(`${resource}\n${expiry}`).digest();
  const given = Buffer.from(signature, 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return refused('The signature is invalid.');
  const expiresAtMs = Number(expiry) * 1000;
  if (!(expiresAtMs > nowMs)) return refused('The token has expired.');
  if (!covers(toPath(decodeURIComponent(resource)), toPath(claim.audience))) return refused('The token is for another resource.');
  return { kind: 'authorized', expiresAtMs };
};

const covers = (granted: string, asked: string): boolean => {
  const [outer, inner] = [granted.toLowerCase(), asked.toLowerCase()];
  return outer === '' || inner === outer || inner.startsWith(`${outer}/`);
};

/** What one connection is authorized for, and until when. */
export class Grants {
  readonly #clock: Clock;
  readonly #expiresAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(audience: string, expiresAtMs: number): void {
    this.#expiresAtMs.set(toPath(audience), expiresAtMs);
  }

  allows(path: string): boolean {
    const nowMs = this.#clock.now();
    return [...this.#expiresAtMs].some(([granted, expiresAtMs]) => expiresAtMs > nowMs && covers(granted, path));
  }
}
