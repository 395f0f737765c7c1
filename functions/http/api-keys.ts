/** /operator/partners/{partnerId}/api-keys: credentials for partners without Entra. */
import { z } from 'zod';
import { apiKeyList, createApiKeyRequest, createdApiKey, type ManageApiKeys } from '../../shared/partners/manage-api-keys.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { GIVEN_ID, PARTNER_ID } from '../../shared/platform/ids/id-patterns.ts';
import { API_KEY } from './operator-examples.ts';

const partnerId = z.string().regex(PARTNER_ID);
const PATH = 'operator/partners/{partnerId}/api-keys';

export const createApiKey = defineRoute({
  name: 'createApiKey',
  method: 'POST',
  secrets: ['key'],
  path: PATH,
  role: 'Operator.Admin',
  summary: 'Give a partner an API key',
  description:
    'The key is in this answer and never told again. Two keys may be live at once, so that a partner can move from one to the other.',
  params: z.strictObject({ partnerId }),
  body: createApiKeyRequest,
  errors: ['LimitReached'],
  examples: {
    body: { name: API_KEY.name, roles: API_KEY.roles, expiresInDays: 365 },
    answer: { ...API_KEY, key: 'acg_example-only-not-a-key' },
  },
  success: { 201: createdApiKey },
});

export const listApiKeys = defineRoute({
  name: 'listApiKeys',
  method: 'GET',
  path: PATH,
  role: 'Operator.Read',
  summary: "A partner's API keys, without the keys themselves",
  params: z.strictObject({ partnerId }),
  examples: { answer: { value: [API_KEY] } },
  success: { 200: apiKeyList },
});

export const revokeApiKey = defineRoute({
  name: 'revokeApiKey',
  method: 'DELETE',
  path: `${PATH}/{keyId}`,
  role: 'Operator.Admin',
  summary: 'Take an API key back, at once and for good',
  params: z.strictObject({ partnerId, keyId: z.string().regex(GIVEN_ID) }),
  examples: {},
  success: { 204: z.undefined() },
});

export type ApiKeyUses = {
  createApiKey: UseCase<typeof createApiKey, Principal>;
  listApiKeys: UseCase<typeof listApiKeys, Principal>;
  revokeApiKey: UseCase<typeof revokeApiKey, Principal>;
};

export const apiKeyUses = (use: ManageApiKeys): ApiKeyUses => ({
  createApiKey: async ({ params, body }) => {
    const made = await use.create(params.partnerId, body);
    return made instanceof AppError ? made : { status: 201, body: made };
  },
  listApiKeys: async ({ params }) => {
    const list = await use.list(params.partnerId);
    return list instanceof AppError ? list : { body: list };
  },
  revokeApiKey: async ({ params }) => (await use.revoke(params.partnerId, params.keyId)) ?? { status: 204 },
});
