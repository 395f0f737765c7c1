/** Use cases: an operator gives a partner API keys, sees which there are, and takes them back. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import type { NewId } from '../platform/ids/new-id.ts';
import { hashOfKey, isLive, KEY_BYTES, KEY_ROLES, MAX_LIFE_DAYS, MAX_LIVE_KEYS, toApiKey, type ApiKeyRow } from './api-key.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import type { Partner } from './model.ts';

const DAY_MS = 86_400_000;

export const createApiKeyRequest = z
  .strictObject({
    name: z.string().min(1).max(100).optional(),
    roles: z.array(z.enum(KEY_ROLES)).min(1).max(KEY_ROLES.length),
    /** Without it the key ends only when it is taken back. */
    expiresInDays: z.int().min(1).max(MAX_LIFE_DAYS).optional(),
  })
  .meta({ id: 'CreateApiKeyRequest' });
export type CreateApiKeyRequest = z.output<typeof createApiKeyRequest>;

export const apiKeyView = z
  .strictObject({
    id: z.string(),
    name: z.string().optional(),
    roles: z.array(z.enum(KEY_ROLES)),
    state: z.enum(['live', 'expired', 'revoked']),
    createdAt: z.string(),
    expiresAt: z.string().optional(),
    /** To the hour. */
    lastUsedAt: z.string().optional(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKeyView = z.infer<typeof apiKeyView>;

/** The key itself is in this answer and nowhere else. */
export const createdApiKey = apiKeyView
  .extend({ key: z.string().optional().describe('Told once: the answer to a repeat with the same Idempotency-Key lacks it.') })
  .meta({ id: 'CreatedApiKey' });
export const apiKeyList = z.strictObject({ value: z.array(apiKeyView) }).meta({ id: 'ApiKeyList' });

export type ManageApiKeys = {
  /** Errors: ResourceNotFound (no such partner), LimitReached (two live keys). */
  create: (partnerId: string, request: CreateApiKeyRequest) => Promise<z.infer<typeof createdApiKey> | AppError>;
  /** Error: ResourceNotFound (no such partner). */
  list: (partnerId: string) => Promise<z.infer<typeof apiKeyList> | AppError>;
  /** Repeatable; also for a key that never was. Error: ResourceNotFound (no such partner). */
  revoke: (partnerId: string, keyId: string) => Promise<undefined | AppError>;
};

export type ManageApiKeysEffects = {
  keys: ApiKeyStore;
  partner: (id: string) => Promise<Partner | undefined>;
  newId: NewId;
  randomBytes: (count: number) => Uint8Array;
  now: () => number;
};

const stateOf = (row: ApiKeyRow, nowMs: number): ApiKeyView['state'] => {
  if (row.revokedAt !== undefined) return 'revoked';
  return isLive(row, nowMs) ? 'live' : 'expired';
};

const toKeyView = (row: ApiKeyRow, nowMs: number): ApiKeyView => {
  const { id, name, roles, createdAt, expiresAt, lastUsedAt } = row;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    roles,
    state: stateOf(row, nowMs),
    createdAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
  };
};

const toRow = (id: string, partnerId: string, request: CreateApiKeyRequest, nowMs: number): ApiKeyRow => ({
  v: 1,
  id,
  partnerId,
  ...(request.name === undefined ? {} : { name: request.name }),
  roles: [...new Set(request.roles)],
  createdAt: new Date(nowMs).toISOString(),
  ...(request.expiresInDays === undefined ? {} : { expiresAt: new Date(nowMs + request.expiresInDays * DAY_MS).toISOString() }),
});

const noPartner = (): AppError => new AppError('ResourceNotFound', { target: 'partner' });

export const makeManageApiKeys = ({ keys, partner, newId, randomBytes, now }: ManageApiKeysEffects): ManageApiKeys => ({
  create: async (partnerId, request) => {
    if (!(await partner(partnerId))) return noPartner();
    const key = toApiKey(randomBytes(KEY_BYTES));
    const row = toRow(newId(), partnerId, request, now());
    const added = await keys.add(row, hashOfKey(key), now());
    if (added === 'limitReached') return new AppError('LimitReached', { message: `A partner has ${MAX_LIVE_KEYS} live API keys at most.` });
    return { ...toKeyView(row, now()), key };
  },
  list: async (partnerId) => {
    if (!(await partner(partnerId))) return noPartner();
    const rows = await keys.list(partnerId);
    return { value: rows.map((row) => toKeyView(row, now())).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)) };
  },
  revoke: async (partnerId, keyId) => {
    if (!(await partner(partnerId))) return noPartner();
    await keys.revoke(partnerId, keyId, now());
    return undefined;
  },
});
