/** Use cases: an operator puts, reads, lists and removes partners. */
import { AppError, type ErrorDetail } from '../platform/errors/app-error.ts';
import { namesEtag } from '../platform/http/etag.ts';
import { fromPageToken, nextLinkTo, pageAfter } from '../platform/http/paging.ts';
import type { Row } from '../platform/tables/row-store.ts';
import { CLAIM_SETTLES_MS, type MayTake } from './client-claims.ts';
import type { PartnerClient, PartnerRecord } from './model.ts';
import { partnerEtag, toPartnerBody, toRecord, type PartnerBody, type PartnerPage, type PutPartnerRequest } from './partner-body.ts';
import { isNamedBy, type PartnerRegistry } from './registry.ts';

const MAX_TRIES = 5;

export type Conditions = { ifMatch: string | undefined; ifNoneMatch: string | undefined };
export type PartnerInput = Conditions & { partnerId: string };

export type ManagePartners = {
  /** 201 when it is new. Errors: ClientInUse, PreconditionFailed, ServiceBusy. */
  put: (input: PartnerInput & { request: PutPartnerRequest }) => Promise<{ status: 200 | 201; body: PartnerBody; etag: string } | AppError>;
  /** Error: ResourceNotFound. */
  get: (partnerId: string) => Promise<{ body: PartnerBody; etag: string } | AppError>;
  /** By id. Error: InvalidContinuationToken. */
  list: (query: { maxpagesize?: number | undefined; continuationToken?: string | undefined }) => Promise<{ body: PartnerPage } | AppError>;
  /** Repeatable; its API keys end with it. Errors: PartnerHasCustomers, PreconditionFailed, ServiceBusy. */
  remove: (input: PartnerInput) => Promise<undefined | AppError>;
};

export type ManagePartnersEffects = {
  registry: PartnerRegistry;
  hasCustomers: (partnerId: string) => Promise<boolean>;
  revokeKeys: (partnerId: string) => Promise<void>;
  now: () => number;
  publicBaseUrl: string;
};

type Live = Row<PartnerRecord> | undefined;

const liveOf = (row: Live): Live => (row?.value.removedAt === undefined ? row : undefined);

const isAllowed = (live: Live, { ifMatch, ifNoneMatch }: Conditions): boolean => {
  const etag = live && partnerEtag(live.value);
  if (ifMatch !== undefined && (etag === undefined || !namesEtag(ifMatch, etag))) return false;
  return ifNoneMatch === undefined || etag === undefined || !namesEtag(ifNoneMatch, etag);
};

const clientInUse = (details: readonly ErrorDetail[]): AppError => new AppError('ClientInUse', { target: 'body', details });

/** Claims what is new among the applications; the problems, if others hold some of them. */
const claimClients = async (
  { registry, now }: ManagePartnersEffects,
  partnerId: string,
  clients: readonly PartnerClient[],
  live: Live,
): Promise<ErrorDetail[]> => {
  const problems: ErrorDetail[] = [];
  for (const [n, client] of clients.entries()) {
    if (live && isNamedBy(live.value, client)) continue;
    const mayTake: MayTake = async (by, ageMs) => {
      const holder = await registry.record(by);
      return ageMs >= CLAIM_SETTLES_MS && !(holder && isNamedBy(holder.value, client));
    };
    const claim = await registry.claims.claim(client, partnerId, mayTake, now());
    if (claim.kind === 'held')
      problems.push({ code: 'ClientInUse', message: `It belongs to partner ${claim.by}.`, target: `/clients/${n}` });
  }
  return problems;
};

/** The answer, or undefined when somebody else was first. */
const putOnce = async (
  effects: ManagePartnersEffects,
  { partnerId, request, ...conditions }: Parameters<ManagePartners['put']>[0],
): Promise<Awaited<ReturnType<ManagePartners['put']>> | undefined> => {
  const row = await effects.registry.record(partnerId);
  const live = liveOf(row);
  if (!isAllowed(live, conditions)) return new AppError('PreconditionFailed', { target: 'partner' });
  const next = toRecord(partnerId, request, live?.value, effects.now());
  const problems = await claimClients(effects, partnerId, next.clients, live);
  if (problems.length > 0) return clientInUse(problems);
  const stays = live && partnerEtag(live.value) === partnerEtag(next) ? live.value : undefined;
  if (!stays && !(await effects.registry.save(row, next))) return undefined;
  const body = toPartnerBody(stays ?? next);
  return { status: live ? 200 : 201, body, etag: body.etag };
};

const removeOnce = async (
  { registry, hasCustomers, now }: ManagePartnersEffects,
  { partnerId, ...conditions }: PartnerInput,
): Promise<boolean | AppError> => {
  const live = liveOf(await registry.record(partnerId));
  if (!isAllowed(live, conditions)) return new AppError('PreconditionFailed', { target: 'partner' });
  if (!live) return true;
  if (await hasCustomers(partnerId)) return new AppError('PartnerHasCustomers', { target: 'partner' });
  const removedAt = new Date(now()).toISOString();
  return registry.save(live, { ...live.value, clients: [], updatedAt: removedAt, removedAt });
};

const notFound = (): AppError => new AppError('ResourceNotFound', { target: 'partner' });

export const makeManagePartners = (effects: ManagePartnersEffects): ManagePartners => ({
  put: async (input) => {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const answer = await putOnce(effects, input);
      if (answer) return answer;
    }
    return new AppError('ServiceBusy');
  },
  get: async (partnerId) => {
    const live = liveOf(await effects.registry.record(partnerId));
    if (!live) return notFound();
    const body = toPartnerBody(live.value);
    return { body, etag: body.etag };
  },
  list: async ({ maxpagesize, continuationToken }) => {
    const after = continuationToken === undefined ? undefined : fromPageToken(continuationToken);
    if (continuationToken !== undefined && after === undefined)
      return new AppError('InvalidContinuationToken', { target: 'continuationToken' });
    const live = (await effects.registry.records()).filter(({ removedAt }) => removedAt === undefined);
    const { page, next } = pageAfter(live, (record) => record.partner.id, after, maxpagesize);
    const nextLink = next === undefined ? {} : { nextLink: nextLinkTo(effects.publicBaseUrl, 'operator/partners', { maxpagesize }, next) };
    return { body: { value: page.map(toPartnerBody), ...nextLink } };
  },
  remove: async (input) => {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const removed = await removeOnce(effects, input);
      if (removed instanceof AppError) return removed;
      if (!removed) continue;
      // Also for one that was gone: an earlier removal may have ended before this.
      await effects.revokeKeys(input.partnerId);
      return undefined;
    }
    return new AppError('ServiceBusy');
  },
});
