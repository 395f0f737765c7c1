/** Use cases: an operator has an account of the gateway taken over for a customer of a partner, and sees how far that is and what was found. */
import { AppError } from '../../platform/errors/app-error.ts';
import { DEFAULT_PAGE_ITEMS, fromPageToken, nextLinkTo } from '../../platform/http/paging.ts';
import { dueNoLater, moveDue } from '../../platform/tables/due.ts';
import { below, counter, findingsKey, laneKey, lanePartition, laneShard } from '../../platform/tables/keys.ts';
import type { Row, RowStore, RowWrite } from '../../platform/tables/row-store.ts';
import type { z } from 'zod';
import type { LaneStore } from '../lane-store.ts';
import type { AccountLane } from '../model.ts';
import { adoptionHref, toAdoptionBody, toFindingBody, type AdoptionBody, type AdoptRequest, type findingPage } from './adoption-body.ts';
import { adoptionLaneOf, isOver, type Adoption, type AdoptionLane, type Findings } from './adoption.ts';
import { isAdoptable } from './finish-adoption.ts';

const MAX_TRIES = 5;
const RETRY_AFTER_S = 5;
const ROWS_A_READ = 20;

export type ManageAdoptionsEffects = {
  lanes: LaneStore;
  /** Table `State`. */
  state: RowStore;
  partnerExists: (partner: string) => Promise<boolean>;
  ownerOf: (accountName: string) => Promise<{ lane: string } | undefined>;
  customerLaneOf: (partner: string, customerId: string) => string;
  now: () => number;
  newId: () => string;
  /** Best effort. */
  wakeLane: (lane: string) => Promise<void>;
  publicBaseUrl: string;
};

type Answer = { body: AdoptionBody; headers: Record<string, string> };

export type ManageAdoptions = {
  /** 201 when it begins; 200 when it was asked for before. Errors: ResourceNotFound, AccountTaken, CustomerExists, AdoptionInProgress, ServiceBusy. */
  adopt: (partner: string, customerId: string, request: AdoptRequest) => Promise<(Answer & { status: 200 | 201 }) | AppError>;
  /** Error: ResourceNotFound. */
  get: (partner: string, customerId: string) => Promise<Answer | AppError>;
  /** Of the last reading. Errors: ResourceNotFound, InvalidContinuationToken. */
  findings: (
    partner: string,
    customerId: string,
    query: { continuationToken?: string | undefined; maxpagesize?: number | undefined },
  ) => Promise<{ body: z.input<typeof findingPage> } | AppError>;
};

const begun = (
  { now, newId, customerLaneOf }: ManageAdoptionsEffects,
  partner: string,
  customerId: string,
  { accountName, outsideRanges }: AdoptRequest,
  customer: AccountLane | undefined,
): Adoption => {
  const customerLane = customerLaneOf(partner, customerId);
  return {
    accountName,
    partner,
    customerId,
    customerLane,
    operationId: `${laneShard(customerLane)}${newId()}`,
    seq: (customer?.accepted ?? 0) + 1,
    outsideRanges,
    phase: 'account',
    pass: 0,
    passBeganMs: now(),
    pages: 0,
    listed: 0,
    adopted: 0,
    outside: 0,
    refused: 0,
    createdAt: new Date(now()).toISOString(),
  };
};

const asksTheSame = (adoption: Adoption, request: AdoptRequest): boolean =>
  adoption.accountName === request.accountName && adoption.outsideRanges === request.outsideRanges;

/** Why this customer cannot take the account over now; undefined when it can. */
const obstacle = (
  { accountName }: AdoptRequest,
  customer: AccountLane | undefined,
  owner: { lane: string } | undefined,
  customerLane: string,
): AppError | undefined => {
  if (owner && owner.lane !== customerLane) return new AppError('AccountTaken', { target: 'accountName' });
  if (!isAdoptable(customer) || (owner && customer?.accountName === accountName))
    return new AppError('CustomerExists', { target: 'customerId' });
  return undefined;
};

const store = (old: Row<AdoptionLane> | undefined, adoption: Adoption, nowMs: number): { lane: AdoptionLane; writes: RowWrite[] } => {
  const { partner, customerId } = adoption;
  const name = adoptionLaneOf(partner, customerId);
  const before = old?.value ?? { v: 1 as const, lane: name, partner, customerId, events: 0, published: 0, due: {} };
  const lane: AdoptionLane = { ...before, adoption, due: dueNoLater(before.due, 'job', nowMs) };
  const key = laneKey(name);
  return {
    lane,
    writes: [
      old ? { kind: 'replace', key, value: lane, etag: old.etag } : { kind: 'insert', key, value: lane },
      ...moveDue(name, before.due, lane.due),
    ],
  };
};

const toAnswer = (adoption: Adoption, publicBaseUrl: string): Answer => ({
  body: toAdoptionBody(adoption, publicBaseUrl),
  headers: {
    'Operation-Location': adoptionHref(publicBaseUrl, adoption.partner, adoption.customerId),
    ...(isOver(adoption) ? {} : { 'Retry-After': String(RETRY_AFTER_S) }),
  },
});

/** In the list of findings: a page of the gateway's, and how many of its findings were shown. */
type Place = { page: number; at: number };

const fromPlace = (text: string | undefined): Place | undefined => {
  const [, page, at] = /^(\d{1,9})\.(\d{1,9})$/.exec(text ?? '') ?? [];
  return page === undefined || at === undefined ? undefined : { page: Number(page), at: Number(at) };
};

type Listed = { value: ReturnType<typeof toFindingBody>[]; next?: string };

const findingsFrom = async (state: RowStore, { lane, adoption }: AdoptionLane, { page, at }: Place, size: number): Promise<Listed> => {
  const { to } = below('find', lane, counter(adoption.pass));
  const value: Listed['value'] = [];
  let skip = at;
  for (let from: string | undefined = findingsKey(lane, adoption.pass, page); from !== undefined;) {
    const rows = await state.range(lanePartition(lane), from, to, ROWS_A_READ);
    for (const { key, value: row } of rows) {
      const { findings } = row as Findings;
      const taken = findings.slice(skip, skip + size - value.length);
      value.push(...taken.map(toFindingBody));
      if (value.length === size) return { value, next: `${Number(key.split('|').at(-1))}.${skip + taken.length}` };
      skip = 0;
    }
    const last = rows.at(-1);
    from = last && rows.length === ROWS_A_READ ? `${last.key}\u0000` : undefined;
  }
  return { value };
};

export const makeManageAdoptions = (effects: ManageAdoptionsEffects): ManageAdoptions => {
  const { lanes, state, publicBaseUrl, customerLaneOf, now } = effects;
  const read = async (partner: string, customerId: string): Promise<Row<AdoptionLane> | undefined> =>
    (await lanes.readLane(adoptionLaneOf(partner, customerId))) as unknown as Row<AdoptionLane> | undefined;

  /** Undefined when somebody else was first. */
  const adoptOnce = async (partner: string, customerId: string, request: AdoptRequest) => {
    const customerLane = customerLaneOf(partner, customerId);
    const [old, customer, owner] = await Promise.all([
      read(partner, customerId),
      lanes.readLane(customerLane),
      effects.ownerOf(request.accountName),
    ]);
    const last = old?.value.adoption;
    const isCurrent = last !== undefined && (!isOver(last) || customer?.value.account.operationId === last.operationId);
    if (isCurrent && asksTheSame(last, request)) return { status: 200 as const, ...toAnswer(last, publicBaseUrl) };
    if (last && !isOver(last)) return new AppError('AdoptionInProgress', { target: 'customerId' });
    const problem = obstacle(request, customer?.value, owner, customerLane);
    if (problem) return problem;
    const adoption = begun(effects, partner, customerId, request, customer?.value);
    const { lane, writes } = store(old, adoption, now());
    if ((await state.commit(lanePartition(lane.lane), writes)).outcome === 'conflict') return undefined;
    await effects.wakeLane(lane.lane);
    return { status: 201 as const, ...toAnswer(adoption, publicBaseUrl) };
  };

  return {
    adopt: async (partner, customerId, request) => {
      if (!(await effects.partnerExists(partner))) return new AppError('ResourceNotFound', { target: 'partner' });
      for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
        const answer = await adoptOnce(partner, customerId, request);
        if (answer) return answer;
      }
      return new AppError('ServiceBusy');
    },
    get: async (partner, customerId) => {
      const row = await read(partner, customerId);
      return row ? toAnswer(row.value.adoption, publicBaseUrl) : new AppError('ResourceNotFound', { target: 'adoption' });
    },
    findings: async (partner, customerId, { continuationToken, maxpagesize = DEFAULT_PAGE_ITEMS }) => {
      const row = await read(partner, customerId);
      if (!row) return new AppError('ResourceNotFound', { target: 'adoption' });
      const place = continuationToken === undefined ? { page: 0, at: 0 } : fromPlace(fromPageToken(continuationToken));
      if (!place) return new AppError('InvalidContinuationToken', { target: 'continuationToken' });
      const { value, next } = await findingsFrom(state, row.value, place, maxpagesize);
      if (next === undefined) return { body: { value } };
      const path = `operator/partners/${partner}/customers/${customerId}/findings`;
      return { body: { value, nextLink: nextLinkTo(publicBaseUrl, path, { maxpagesize }, next) } };
    },
  };
};

/** Whether the customer is being taken over right now, so that nothing else may begin under its name. */
export const makeIsAdopting =
  ({ lanes }: { lanes: Pick<LaneStore, 'readLane'> }) =>
  async (partner: string, customerId: string): Promise<boolean> => {
    const row = (await lanes.readLane(adoptionLaneOf(partner, customerId))) as unknown as Row<AdoptionLane> | undefined;
    return row !== undefined && !isOver(row.value.adoption);
  };
