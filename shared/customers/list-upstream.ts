/** Use cases: all accounts and all numbers that the gateway holds, whoever put them there, page by page: one request to the gateway a page. */
import { z } from 'zod';
import { AppError } from '../platform/errors/app-error.ts';
import { fromPageToken, nextLinkTo } from '../platform/http/paging.ts';
import { OPERATOR_ID } from '../platform/identity/operator-id.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../platform/upstream/call.ts';
import {
  ACCOUNT_NAME,
  accountResource,
  numberResource,
  toPage,
  type AccountResource,
  type NumberResource,
} from '../platform/upstream/contract.ts';
import { accountsPath, allNumbersPath, numbersPath } from '../platform/upstream/paths.ts';
import { SERVICES, type Service } from '../platform/upstream/services.ts';
import type { AccountOwner, FindAccountOwner } from './account-owner.ts';
import type { AskNow } from './ports.ts';
import { toUnansweredError } from '../platform/upstream/unanswered.ts';

const DEFAULT_PAGE_ROWS = 100;
/** The cap of the last version that published one (2023-10-01 swagger). */
const MAX_PAGE_ROWS = 500;
/** It holds upstream's own link. */
const MAX_TOKEN_CHARS = 4_000;

export const upstreamListQuery = z.strictObject({
  maxpagesize: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number of at least 1')
    .transform((text) => Math.min(Number(text), MAX_PAGE_ROWS))
    .optional(),
  continuationToken: z.string().min(1).max(MAX_TOKEN_CHARS).optional(),
});
export const upstreamNumberQuery = upstreamListQuery.extend({ accountName: z.string().regex(ACCOUNT_NAME).optional() });
export type UpstreamNumberQuery = z.output<typeof upstreamNumberQuery>;

const owner = {
  /** Whose it is here; absent where nobody's. */
  partnerId: z.string().optional(),
  customerId: z.string().optional(),
};
const services = z.array(z.enum(SERVICES));
/** In the gateway's own word. */
const status = z.string().optional();
const page = {
  /** All that there are, where the gateway counts them. */
  count: z.int().min(0).optional(),
  nextLink: z.url().optional(),
};

const upstreamAccount = z.strictObject({
  accountName: z.string(),
  ...owner,
  teamsTenantId: z.string().optional(),
  reference: z.string().optional(),
  /** Those that are enabled. */
  services,
  numberCounts: z.partialRecord(z.enum(SERVICES), z.int().min(0)),
  status,
});
export const upstreamAccountPage = z.strictObject({ value: z.array(upstreamAccount), ...page }).meta({ id: 'UpstreamAccountPage' });

const upstreamNumber = z.strictObject({ telephoneNumber: z.string(), accountName: z.string(), ...owner, services, status });
export const upstreamNumberPage = z.strictObject({ value: z.array(upstreamNumber), ...page }).meta({ id: 'UpstreamNumberPage' });

type Body<P extends z.ZodType> = Promise<{ body: z.input<P> } | AppError>;

/** Errors: InvalidContinuationToken, ResourceNotFound, TooManyRequests, UpstreamRejected, UpstreamUnavailable, UpstreamTimeout. */
export type ListUpstream = {
  accounts: (query: z.output<typeof upstreamListQuery>) => Body<typeof upstreamAccountPage>;
  numbers: (query: UpstreamNumberQuery) => Body<typeof upstreamNumberPage>;
};

export type ListUpstreamEffects = { askNow: AskNow; ownerOf: FindAccountOwner; publicBaseUrl: string };

type Query = UpstreamNumberQuery;
type Details = NonNullable<AccountResource['serviceDetails']> | NonNullable<NumberResource['serviceDetails']>;

/** The token leads on within the list that was asked for, and nowhere else: what else it says was made by somebody else. */
const requestFor = (path: string, { continuationToken, maxpagesize }: Query): UpstreamRequest | undefined => {
  const query = { maxpagesize: String(maxpagesize ?? DEFAULT_PAGE_ROWS), countRecords: 'true' };
  if (continuationToken === undefined) return { method: 'GET', path, query };
  const link = fromPageToken(continuationToken);
  if (link === undefined || !URL.canParse(link) || !new URL(link).pathname.endsWith(path)) return undefined;
  return { method: 'GET', path: link };
};

const enabledIn = (details: Details | undefined): Service[] => SERVICES.filter((name) => details?.[name]?.enabled === true);

const countsIn = (details: AccountResource['serviceDetails']): Partial<Record<Service, number>> =>
  Object.fromEntries(
    SERVICES.flatMap((name) => {
      const count = details?.[name]?.numberCount;
      return count === undefined ? [] : [[name, count]];
    }),
  );

const ownerFields = (of: AccountOwner | undefined) => (of ? { partnerId: of.partner, customerId: of.customerId } : {});
const statusField = (text: string | undefined) => (text === undefined ? {} : { status: text });

const toAccount = (account: AccountResource, of: AccountOwner | undefined): z.input<typeof upstreamAccount> => ({
  accountName: account.name,
  ...ownerFields(of),
  ...(account.serviceDetails?.teamsTenantId === undefined ? {} : { teamsTenantId: account.serviceDetails.teamsTenantId }),
  ...(account.correlationId === undefined ? {} : { reference: account.correlationId }),
  services: enabledIn(account.serviceDetails),
  numberCounts: countsIn(account.serviceDetails),
  ...statusField(account.serviceProvisioningStatus),
});

const toNumber = (number: NumberResource, of: AccountOwner | undefined): z.input<typeof upstreamNumber> => ({
  telephoneNumber: number.telephoneNumber,
  accountName: number.accountName,
  ...ownerFields(of),
  services: enabledIn(number.serviceDetails),
  ...statusField(number.serviceProvisioningStatus),
});

type Source<T> = { path: string; name: string; item: z.ZodType<T>; accountOf: (item: T) => string };
type Listed<T> = { items: T[]; owners: ReadonlyMap<string, AccountOwner | undefined>; count?: number; nextLink?: string };

const ownersOf = async (ownerOf: FindAccountOwner, names: ReadonlySet<string>): Promise<Map<string, AccountOwner | undefined>> =>
  new Map(await Promise.all([...names].map(async (name) => [name, await ownerOf(name)] as const)));

const readPage = async <T>(effects: ListUpstreamEffects, source: Source<T>, query: Query): Promise<Listed<T> | AppError> => {
  const request = requestFor(source.path, query);
  if (!request) return new AppError('InvalidContinuationToken', { target: 'continuationToken' });
  const asked = await effects.askNow(request, OPERATOR_ID);
  if (asked.kind !== 'answer') return toUnansweredError(asked);
  return toListed(effects, source, query, asked.answer);
};

const toListed = async <T>(
  { ownerOf, publicBaseUrl }: ListUpstreamEffects,
  { item, name, accountOf }: Source<T>,
  query: Query,
  { status: code, body, recordCount }: UpstreamAnswer,
): Promise<Listed<T> | AppError> => {
  if (code === 404) return new AppError('ResourceNotFound', { target: 'account' });
  const read = toPage(item, code, body);
  if (!read) return new AppError('UpstreamRejected');
  return {
    items: read.value,
    owners: await ownersOf(ownerOf, new Set(read.value.map(accountOf))),
    ...(recordCount === undefined ? {} : { count: recordCount }),
    ...(read.nextLink === undefined ? {} : { nextLink: nextLinkTo(publicBaseUrl, name, query, read.nextLink) }),
  };
};

export const makeListUpstream = (effects: ListUpstreamEffects): ListUpstream => ({
  accounts: async (query) => {
    const source = {
      path: accountsPath(),
      name: 'operator/accounts',
      item: accountResource,
      accountOf: (one: AccountResource) => one.name,
    };
    const listed = await readPage(effects, source, query);
    if (listed instanceof AppError) return listed;
    const { items, owners, ...rest } = listed;
    return { body: { value: items.map((one) => toAccount(one, owners.get(one.name))), ...rest } };
  },
  numbers: async (query) => {
    const path = query.accountName === undefined ? allNumbersPath() : numbersPath(query.accountName);
    const source = { path, name: 'operator/numbers', item: numberResource, accountOf: (one: NumberResource) => one.accountName };
    const listed = await readPage(effects, source, query);
    if (listed instanceof AppError) return listed;
    const { items, owners, ...rest } = listed;
    return { body: { value: items.map((one) => toNumber(one, owners.get(one.accountName))), ...rest } };
  },
});
