/** The API key in an Authorization header -> whose it is and what it may do. */
import { AppError } from '../platform/errors/app-error.ts';
import { hashOfKey, isLive, keyInHeader, withUse } from './api-key.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import type { Caller, Partner } from './model.ts';

/** Undefined when the header holds no API key. Throws AppError Unauthenticated for one that opens nothing, whatever the reason. */
export type IdentifyKey = (authorization: string | undefined) => Promise<{ caller: Caller; partner: Partner | undefined } | undefined>;

export type IdentifyKeyEffects = {
  keys: Pick<ApiKeyStore, 'find' | 'noteUse'>;
  partner: (id: string) => Promise<Partner | undefined>;
  now: () => number;
};

const refused = (): AppError =>
  new AppError('Unauthenticated', {
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    message: 'The API key is not valid.',
  });

export const makeIdentifyKey =
  ({ keys, partner, now }: IdentifyKeyEffects): IdentifyKey =>
  async (authorization) => {
    const key = keyInHeader(authorization);
    if (key === undefined) return undefined;
    const hash = hashOfKey(key);
    const row = await keys.find(hash);
    if (!row || !isLive(row, now())) throw refused();
    if (withUse(row, now())) await keys.noteUse(hash, now());
    return { caller: { apiKeyId: row.id, roles: row.roles }, partner: await partner(row.partnerId) };
  };
