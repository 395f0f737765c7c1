/** Pure: a partner as an operator puts and sees it; its number ranges are a resource of their own. */
import { z } from 'zod';
import { etagOf } from '../platform/http/etag.ts';
import { MAX_CLIENTS, partner, partnerClient, partnerQuota, partnerState, type PartnerRecord } from './model.ts';

export const putPartnerRequest = z
  .strictObject({
    name: partner.shape.name,
    /** `suspended`: every request of it is refused, and nothing more of it is sent to the gateway. */
    state: partnerState.default('active'),
    /** The Entra applications that call in its name. */
    clients: z.array(partnerClient).max(MAX_CLIENTS).default([]),
    quota: partnerQuota.default({}),
  })
  .meta({ id: 'PutPartnerRequest' });
export type PutPartnerRequest = z.output<typeof putPartnerRequest>;

export const partnerBody = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    state: partnerState,
    clients: z.array(z.strictObject({ tenantId: z.string(), clientId: z.string() })),
    quota: partnerQuota,
    /** How many blocks; see number-ranges. */
    numberRanges: z.int().min(0),
    createdAt: z.string(),
    updatedAt: z.string(),
    etag: z.string(),
  })
  .meta({ id: 'Partner' });
export type PartnerBody = z.infer<typeof partnerBody>;
export const partnerPage = z.strictObject({ value: z.array(partnerBody), nextLink: z.url().optional() }).meta({ id: 'PartnerPage' });
export type PartnerPage = z.infer<typeof partnerPage>;

/** Of what a PUT says: ranges have an ETag of their own. */
export const partnerEtag = ({ partner: { id, name, state, quota = {} }, clients }: PartnerRecord): string =>
  etagOf({ id, name, state, quota, clients });

/** Ranges are only counted: a partner may have a thousand. */
export const toPartnerBody = (record: PartnerRecord): PartnerBody => {
  const { partner: known, clients, createdAt, updatedAt } = record;
  const { id, name, state, quota = {}, ranges } = known;
  return { id, name, state, clients, quota, numberRanges: ranges.length, createdAt, updatedAt, etag: partnerEtag(record) };
};

/** What becomes of a partner that is asked to be so; whatever the request does not speak of stays. */
export const toRecord = (id: string, request: PutPartnerRequest, live: PartnerRecord | undefined, nowMs: number): PartnerRecord => {
  const { name, state, clients, quota } = request;
  const updatedAt = new Date(nowMs).toISOString();
  const unique = [...new Map(clients.map((client) => [`${client.tenantId}|${client.clientId}`, client])).values()];
  return {
    v: 1,
    ...(live?.seed === undefined ? {} : { seed: live.seed }),
    partner: { ...(live?.partner ?? { ranges: [] }), id, name, state, quota },
    clients: unique,
    createdAt: live?.createdAt ?? updatedAt,
    updatedAt,
  };
};
