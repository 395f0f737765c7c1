/** Use cases: profiles are put, read, listed and removed by their owner; the operator's shared ones are read by all. */
import { AppError } from '../platform/errors/app-error.ts';
import { namesEtag } from '../platform/http/etag.ts';
import { fromPageToken, nextLinkTo, pageAfter } from '../platform/http/paging.ts';
import { OPERATOR_ID } from '../platform/identity/operator-id.ts';
import type { OrderProfile } from './model.ts';
import type { ProfileStore, StoredProfile } from './profile-store.ts';
import {
  MAX_PROFILES,
  saysTheSame,
  toProfile,
  toProfileBody,
  type Profile,
  type ProfileBody,
  type ProfilePage,
  type PutProfileRequest,
} from './profile.ts';

const MAX_TRIES = 5;

export type Conditions = { ifMatch: string | undefined; ifNoneMatch: string | undefined };
export type ProfileInput = Conditions & { owner: string; profileId: string };

export type ManageProfiles = {
  /** 201 when it is new. Errors: InvalidRequest (a partner that shares), PreconditionFailed, LimitReached, ServiceBusy. */
  put: (input: ProfileInput & { request: PutProfileRequest }) => Promise<{ status: 200 | 201; body: ProfileBody; etag: string } | AppError>;
  /** The owner's own, else the operator's shared one. Error: ResourceNotFound. */
  get: (owner: string, profileId: string) => Promise<{ body: ProfileBody; etag: string } | AppError>;
  /** The owner's own and the operator's shared ones, by id; of two with one id the owner's. Error: InvalidContinuationToken. */
  list: (
    owner: string,
    query: { maxpagesize?: number | undefined; continuationToken?: string | undefined },
  ) => Promise<ProfilePage | AppError>;
  /** Repeatable; past orders keep their copy. Errors: PreconditionFailed, ServiceBusy. */
  remove: (input: ProfileInput) => Promise<undefined | AppError>;
  /** What an order that names it is provisioned with. */
  findSettings: (owner: string, profileId: string) => Promise<OrderProfile | undefined>;
};

const isAllowed = (old: StoredProfile | undefined, { ifMatch, ifNoneMatch }: Conditions): boolean => {
  const etag = old && toProfileBody(old.profile).etag;
  if (ifMatch !== undefined && (etag === undefined || !namesEtag(ifMatch, etag))) return false;
  return ifNoneMatch === undefined || etag === undefined || !namesEtag(ifNoneMatch, etag);
};

const refuseSharing = (): AppError =>
  new AppError('InvalidRequest', {
    message: '1 problem in the request.',
    target: 'body',
    details: [{ code: 'InvalidValue', message: 'Only the operator shares profiles.', target: '/shared' }],
  });

const notAllowed = (): AppError => new AppError('PreconditionFailed', { target: 'profile' });

export const makeManageProfiles = (store: ProfileStore, now: () => number, publicBaseUrl: string): ManageProfiles => {
  const find = async (owner: string, profileId: string): Promise<Profile | undefined> => {
    const own = await store.get(owner, profileId);
    if (own || owner === OPERATOR_ID) return own?.profile;
    const shared = await store.get(OPERATOR_ID, profileId);
    return shared?.profile.shared ? shared.profile : undefined;
  };
  /** The answer, or undefined when somebody else was first. */
  const putOnce = async ({ owner, profileId, request, ...conditions }: Parameters<ManageProfiles['put']>[0]) => {
    const old = await store.get(owner, profileId);
    if (!isAllowed(old, conditions)) return notAllowed();
    const next = toProfile(profileId, request, old?.profile, now());
    const stays = old && saysTheSame(old.profile, next) ? old.profile : undefined;
    const outcome = stays ? 'saved' : await store.save(owner, next, old, MAX_PROFILES);
    if (outcome === 'moved') return undefined;
    if (outcome === 'limitReached') return new AppError('LimitReached', { message: `A partner has ${MAX_PROFILES} profiles at most.` });
    const body = toProfileBody(stays ?? next);
    return { status: old ? (200 as const) : (201 as const), body, etag: body.etag };
  };
  const removeOnce = async ({ owner, profileId, ...conditions }: ProfileInput): Promise<'removed' | 'moved' | AppError> => {
    const old = await store.get(owner, profileId);
    if (!isAllowed(old, conditions)) return notAllowed();
    return old ? store.remove(owner, old) : 'removed';
  };
  return {
    findSettings: async (owner, profileId) => (await find(owner, profileId))?.settings,
    put: async (input) => {
      if (input.request.shared === true && input.owner !== OPERATOR_ID) return refuseSharing();
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const answer = await putOnce(input);
        if (answer) return answer;
      }
      return new AppError('ServiceBusy');
    },
    get: async (owner, profileId) => {
      const profile = await find(owner, profileId);
      if (!profile) return new AppError('ResourceNotFound', { target: 'profile' });
      const body = toProfileBody(profile);
      return { body, etag: body.etag };
    },
    list: async (owner, { maxpagesize, continuationToken }) => {
      const after = continuationToken === undefined ? undefined : fromPageToken(continuationToken);
      if (continuationToken !== undefined && after === undefined)
        return new AppError('InvalidContinuationToken', { target: 'continuationToken' });
      const own = await store.list(owner);
      const shared = owner === OPERATOR_ID ? [] : (await store.list(OPERATOR_ID)).filter((profile) => profile.shared);
      const byId = new Map([...shared, ...own].map((profile) => [profile.id, profile]));
      const sorted = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      const { page, next } = pageAfter(sorted, (profile) => profile.id, after, maxpagesize);
      const value = page.map(toProfileBody);
      return next === undefined ? { value } : { value, nextLink: nextLinkTo(publicBaseUrl, 'profiles', { maxpagesize }, next) };
    },
    remove: async (input) => {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const outcome = await removeOnce(input);
        if (outcome instanceof AppError) return outcome;
        if (outcome === 'removed') return undefined;
      }
      return new AppError('ServiceBusy');
    },
  };
};
