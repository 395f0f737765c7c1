/** Who is a partner and which applications call in its name: tables `Partners` and `Principals`. */
import { z } from 'zod';
import type { RowStore } from '../platform/tables/row-store.ts';
import { partner, type Partner, type PartnerClient } from './model.ts';

/** Every partner stands in one partition: there are hundreds, not millions. */
const PARTITION = 'partner';
const VERSION = 1;

const partnerRow = z.object({ v: z.literal(VERSION), partner });
const clientRow = z.object({ v: z.literal(VERSION), partnerId: z.string() });

export type PartnerTables = { partners: RowStore; principals: RowStore };

export type PartnerRegistry = {
  /** The partner that this caller's application belongs to, whatever its state. */
  partnerOf: (caller: PartnerClient) => Promise<Partner | undefined>;
  partner: (id: string) => Promise<Partner | undefined>;
  /** Inserts or replaces; writes nothing when the row says so already. */
  savePartner: (value: Partner) => Promise<void>;
  /** Lets an application call in the name of a partner. One that belonged to another one moves. */
  saveClient: (client: PartnerClient, partnerId: string) => Promise<void>;
};

export const partnerRegistry = ({ partners, principals }: PartnerTables): PartnerRegistry => {
  const readPartner = async (id: string): Promise<Partner | undefined> => {
    const row = await partners.get(PARTITION, id);
    return row && partnerRow.parse(row.value).partner;
  };
  const readClient = async ({ tenantId, clientId }: PartnerClient): Promise<string | undefined> => {
    const row = await principals.get(tenantId, clientId);
    return row && clientRow.parse(row.value).partnerId;
  };
  return {
    partner: readPartner,
    partnerOf: async (caller) => {
      const id = await readClient(caller);
      return id === undefined ? undefined : readPartner(id);
    },
    savePartner: async (value) => {
      if (JSON.stringify(await readPartner(value.id)) === JSON.stringify(value)) return;
      await partners.commit(PARTITION, [{ kind: 'put', key: value.id, value: { v: VERSION, partner: value } }]);
    },
    saveClient: async (client, partnerId) => {
      if ((await readClient(client)) === partnerId) return;
      await principals.commit(client.tenantId, [{ kind: 'put', key: client.clientId, value: { v: VERSION, partnerId } }]);
    },
  };
};
