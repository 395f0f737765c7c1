/** Pure: API keys of partners without Entra: how one is spelled, what is kept of it, and whether it opens anything now. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Role } from './model.ts';

/** Lets people and secret scanners know one when they see it. */
const PREFIX = 'acg_';
export const KEY_BYTES = 32;
const KEY = /^acg_[A-Za-z0-9_-]{43}$/;
/** Two, so that a partner can move from one to the other without a gap. */
export const MAX_LIVE_KEYS = 2;
export const MAX_LIFE_DAYS = 730;
/** When a key was last used is kept this exactly: a write for every request would cost more than it tells. */
const USE_NOTED_MS = 3_600_000;

/** Roles that a key can carry: an operator signs in with Entra. */
export const KEY_ROLES = ['Partner.Read', 'Partner.Write', 'Partner.Release', 'Partner.Decide'] as const satisfies readonly Role[];

export const apiKeyRow = z.object({
  v: z.literal(1),
  id: z.string(),
  partnerId: z.string(),
  name: z.string().optional(),
  roles: z.array(z.enum(KEY_ROLES)),
  createdAt: z.string(),
  expiresAt: z.string().optional(),
  lastUsedAt: z.string().optional(),
  revokedAt: z.string().optional(),
});
export type ApiKeyRow = z.infer<typeof apiKeyRow>;

/** `bits` are 256 that nobody can guess. */
export const toApiKey = (bits: Uint8Array): string => {
  if (bits.length !== KEY_BYTES) throw new Error(`a key is made of ${KEY_BYTES} bytes`);
  return PREFIX + Buffer.from(bits).toString('base64url');
};

/** The key in an Authorization header, or undefined when it holds none. */
export const keyInHeader = (authorization: string | undefined): string | undefined => {
  const [scheme = '', key = ''] = (authorization ?? '').trim().split(/ +/);
  return scheme.toLowerCase() === 'bearer' && KEY.test(key) ? key : undefined;
};

/** What is stored instead of the key; 256 random bits need no salt and no slow hash. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('base64url');

/** Whether it still opens anything: neither revoked nor expired. */
export const isLive = ({ expiresAt, revokedAt }: ApiKeyRow, nowMs: number): boolean =>
  revokedAt === undefined && (expiresAt === undefined || Date.parse(expiresAt) > nowMs);

/** The row with its use noted, or undefined when it was noted lately. */
export const withUse = (row: ApiKeyRow, nowMs: number): ApiKeyRow | undefined => {
  const last = row.lastUsedAt === undefined ? 0 : Date.parse(row.lastUsedAt);
  return nowMs - last < USE_NOTED_MS ? undefined : { ...row, lastUsedAt: new Date(nowMs).toISOString() };
};
