/** Table `Principals`: which partner an Entra application calls for; a claim keeps two partners from naming the same one. */
import { z } from 'zod';
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import type { PartnerClient } from './model.ts';

const VERSION = 1;
const MAX_TRIES = 10;
/** Longer than the change of a partner takes, which claims first and then names the application in the partner's row. */
export const CLAIM_SETTLES_MS = 120_000;

const clientRow = z.object({ v: z.literal(VERSION), partnerId: z.string(), claimedAtMs: z.number().default(0) });
type ClientRow = z.infer<typeof clientRow>;

export type Claim = { kind: 'claimed' } | { kind: 'held'; by: string };

/** By whom it is held, and for how long. */
export type MayTake = (by: string, ageMs: number) => Promise<boolean>;

export type ClientClaims = {
  /** The partner that has claimed the application; that it still names it is for the partner's row to say. */
  holderOf: (client: PartnerClient) => Promise<string | undefined>;
  /** Claims it for a partner; another one's claim is taken over where `mayTake` says so. Claims are never deleted: one that nobody names is free. */
  claim: (client: PartnerClient, partnerId: string, mayTake: MayTake, nowMs: number) => Promise<Claim>;
};

export const clientClaims = (principals: RowStore): ClientClaims => ({
  holderOf: async ({ tenantId, clientId }) => {
    const row = await principals.get(tenantId, clientId);
    return row && clientRow.parse(row.value).partnerId;
  },
  claim: async ({ tenantId, clientId }, partnerId, mayTake, nowMs) => {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const row = await principals.get(tenantId, clientId);
      const old = row && clientRow.parse(row.value);
      if (old && old.partnerId !== partnerId && !(await mayTake(old.partnerId, nowMs - old.claimedAtMs)))
        return { kind: 'held', by: old.partnerId };
      // One's own is written anew, too: its age is what keeps others away until it is named.
      const value: ClientRow = { v: VERSION, partnerId, claimedAtMs: nowMs };
      const write: RowWrite = row ? { kind: 'replace', key: clientId, value, etag: row.etag } : { kind: 'insert', key: clientId, value };
      if ((await principals.commit(tenantId, [write])).outcome === 'committed') return { kind: 'claimed' };
    }
    throw new Error('the claim on an application stayed contended');
  },
});
