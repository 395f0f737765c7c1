/** Who is a partner and which applications call in its name: table `Partners`, found from an application through table `Principals`. */
import type { Row, RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { clientClaims, type ClientClaims } from './client-claims.ts';
import { partnerRecord, type Partner, type PartnerClient, type PartnerRecord } from './model.ts';

/** Every partner stands in one partition: there are hundreds, not millions. */
const PARTITION = 'partner';
/** Replaced by whoever changes ranges, so that two partners cannot be given the same numbers at the same moment. */
const RANGES_GUARD = '-ranges';
/** Bounds of all partner ids. */
const IDS = { from: '0', to: '~' } as const;
const VERSION = 1;

export type PartnerTables = { partners: RowStore; principals: RowStore };

export type PartnerRegistry = {
  /** The partner that this caller's application belongs to, whatever its state. */
  partnerOf: (caller: PartnerClient) => Promise<Partner | undefined>;
  partner: (id: string) => Promise<Partner | undefined>;
  /** With its ETag; also one that was removed. */
  record: (id: string) => Promise<Row<PartnerRecord> | undefined>;
  /** All by id, the removed ones among them. */
  records: () => Promise<PartnerRecord[]>;
  /** False when somebody else was first. */
  save: (old: Row<PartnerRecord> | undefined, next: PartnerRecord) => Promise<boolean>;
  /** The state of all ranges together, to be read before they are compared. */
  rangesVersion: () => Promise<Row | undefined>;
  /** The same as `save`, unless anybody's ranges have changed since `version`. */
  saveRanges: (version: Row | undefined, old: Row<PartnerRecord>, next: PartnerRecord) => Promise<boolean>;
  claims: ClientClaims;
};

/** Whether the application calls for this partner; for a removed one nobody does. */
export const isNamedBy = ({ removedAt, clients }: PartnerRecord, { tenantId, clientId }: PartnerClient): boolean =>
  removedAt === undefined && clients.some((client) => client.tenantId === tenantId && client.clientId === clientId);

const writeOf = (key: string, old: Row | undefined, value: unknown): RowWrite =>
  old ? { kind: 'replace', key, value, etag: old.etag } : { kind: 'insert', key, value };

export const partnerRegistry = ({ partners, principals }: PartnerTables): PartnerRegistry => {
  const claims = clientClaims(principals);
  const record = async (id: string): Promise<Row<PartnerRecord> | undefined> => {
    const row = await partners.get(PARTITION, id);
    return row && { ...row, value: partnerRecord.parse(row.value) };
  };
  const commit = async (writes: readonly RowWrite[]): Promise<boolean> =>
    (await partners.commit(PARTITION, writes)).outcome === 'committed';
  return {
    claims,
    record,
    partner: async (id) => {
      const found = (await record(id))?.value;
      return found?.removedAt === undefined ? found?.partner : undefined;
    },
    partnerOf: async (caller) => {
      const id = await claims.holderOf(caller);
      const found = id === undefined ? undefined : (await record(id))?.value;
      return found && isNamedBy(found, caller) ? found.partner : undefined;
    },
    records: async () => (await partners.range(PARTITION, IDS.from, IDS.to)).map((row) => partnerRecord.parse(row.value)),
    save: (old, next) => commit([writeOf(next.partner.id, old, next)]),
    rangesVersion: () => partners.get(PARTITION, RANGES_GUARD),
    saveRanges: (version, old, next) => {
      const changes = ((version?.value as { changes: number } | undefined)?.changes ?? 0) + 1;
      return commit([writeOf(RANGES_GUARD, version, { v: VERSION, changes }), writeOf(next.partner.id, old, next)]);
    },
  };
};
