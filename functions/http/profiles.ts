/** /profiles: the settings of numbers, kept under a name of the partner's own. */
import { z } from 'zod';
import type { ManageProfiles } from '../../shared/orders/manage-profiles.ts';
import { PROFILE_ID, profileBody, profilePage, putProfileRequest } from '../../shared/orders/profile.ts';
import { ownerOf, type Principal } from '../../shared/partners/model.ts';
import { AppError } from '../../shared/platform/errors/app-error.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';
import { pagingQuery } from '../../shared/platform/http/paging.ts';
import { PROFILE, PROFILE_SETTINGS } from './order-examples.ts';

const params = z.strictObject({ profileId: z.string().regex(PROFILE_ID) });
const PATH = 'profiles/{profileId}';

export const listProfiles = defineRoute({
  name: 'listProfiles',
  method: 'GET',
  path: 'profiles',
  role: 'Partner.Read',
  summary: "Your profiles and the operator's shared ones",
  query: z.strictObject(pagingQuery),
  errors: ['InvalidContinuationToken'],
  examples: { answer: { value: [PROFILE] } },
  success: { 200: profilePage },
});

export const putProfile = defineRoute({
  name: 'putProfile',
  method: 'PUT',
  path: PATH,
  role: 'Partner.Write',
  summary: 'Make a profile what it is to be',
  description: 'Orders that name it take a copy: what was ordered before stays as it was.',
  params,
  body: putProfileRequest,
  errors: ['PreconditionFailed', 'LimitReached'],
  examples: { body: PROFILE_SETTINGS, answer: PROFILE },
  success: { 200: profileBody, 201: profileBody },
});

export const getProfile = defineRoute({
  name: 'getProfile',
  method: 'GET',
  path: PATH,
  role: 'Partner.Read',
  summary: 'One profile',
  conditional: true,
  params,
  examples: { answer: PROFILE },
  success: { 200: profileBody },
});

export const deleteProfile = defineRoute({
  name: 'deleteProfile',
  method: 'DELETE',
  path: PATH,
  role: 'Partner.Release',
  summary: 'Remove a profile',
  description: 'Orders that named it keep their copy. Also answers 204 when there is none.',
  params,
  errors: ['PreconditionFailed'],
  examples: {},
  success: { 204: z.undefined() },
});

export type ProfileUses = {
  listProfiles: UseCase<typeof listProfiles, Principal>;
  putProfile: UseCase<typeof putProfile, Principal>;
  getProfile: UseCase<typeof getProfile, Principal>;
  deleteProfile: UseCase<typeof deleteProfile, Principal>;
};

export const profileUses = (use: ManageProfiles): ProfileUses => ({
  listProfiles: async ({ principal, query }) => {
    const page = await use.list(ownerOf(principal), query);
    return page instanceof AppError ? page : { body: page };
  },
  putProfile: ({ principal, params: { profileId }, body, ifMatch, ifNoneMatch }) =>
    use.put({ owner: ownerOf(principal), profileId, request: body, ifMatch, ifNoneMatch }),
  getProfile: ({ principal, params: { profileId } }) => use.get(ownerOf(principal), profileId),
  deleteProfile: async ({ principal, params: { profileId }, ifMatch, ifNoneMatch }) =>
    (await use.remove({ owner: ownerOf(principal), profileId, ifMatch, ifNoneMatch })) ?? { status: 204 },
});
