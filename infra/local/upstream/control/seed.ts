/** Puts data into the emulator behind the API's back: accounts with numbers, RFIs that come and go, tenant data. */
import { z } from 'zod';
import { accountSchema } from '../resources/account-schema.ts';
import { numberSchema, telephoneNumberSchema, type NumberContent } from '../resources/number-schema.ts';
import type { RfiRecord } from '../resources/records.ts';
import { rfiSchema, tenantIdSchema, type RfiContent } from '../resources/rfi-schema.ts';
import { settled, type SyncState } from '../resources/sync-state.ts';
import { capabilityPlanSchema, civicAddressSchema } from '../resources/teams-data.ts';
import { writeAccount, writeNumber, writeRfi } from '../sync/write-record.ts';
import type { World } from '../world.ts';

const statusSchema = z.enum(['pending', 'synced', 'failed']).optional();

export const seedSchema = z.strictObject({
  accounts: z
    .array(
      accountSchema.extend({ status: statusSchema, subdomainStatus: z.enum(['provisioned', 'notProvisioned', 'inconsistent']).optional() }),
    )
    .optional(),
  numbers: z.array(numberSchema.extend({ status: statusSchema })).optional(),
  /** Many alike: `count` numbers upward from `first`. */
  ranges: z
    .array(
      z.strictObject({
        first: telephoneNumberSchema,
        count: z.int().min(1).max(1_000_000),
        accountName: z.string(),
        serviceDetails: numberSchema.shape.serviceDetails,
        status: statusSchema,
      }),
    )
    .optional(),
  removeNumbers: z.array(z.string()).optional(),
  removeAccounts: z.array(z.string()).optional(),
});

type Seed = z.infer<typeof seedSchema>;

/** A seeded state stands until the next write. */
const toState = (status: z.infer<typeof statusSchema>): SyncState => ({ ...settled(), status: status ?? 'synced' });

const version = (world: World): { etag: string; modifiedMs: number } => ({ etag: world.store.nextEtag(), modifiedMs: world.now() });

const seedNumber = (world: World, content: NumberContent, status: z.infer<typeof statusSchema>): void =>
  writeNumber(world, { content, ...version(world), state: toState(status) });

const seedRange = (world: World, range: NonNullable<Seed['ranges']>[number]): void => {
  const first = BigInt(range.first.slice(1));
  for (let index = 0; index < range.count; index++) {
    const telephoneNumber = `+${first + BigInt(index)}`;
    seedNumber(world, { telephoneNumber, accountName: range.accountName, serviceDetails: range.serviceDetails }, range.status);
  }
};

/** Applied as given, without the API's business rules; answers how much there is now. */
export const seedAccounts = (world: World, seed: Seed): { accounts: number; numbers: number } => {
  for (const { status, subdomainStatus, ...content } of seed.accounts ?? []) {
    const subdomain = content.serviceDetails?.teamsDirectRouting ? { status: subdomainStatus ?? 'provisioned' } : undefined;
    writeAccount(world, { content, ...version(world), state: toState(status), subdomain });
  }
  for (const { status, ...content } of seed.numbers ?? []) seedNumber(world, content, status);
  for (const range of seed.ranges ?? []) seedRange(world, range);
  for (const key of seed.removeNumbers ?? []) world.store.apply({ kind: 'number', key });
  for (const key of seed.removeAccounts ?? []) world.store.apply({ kind: 'account', key });
  return { accounts: world.store.accountKeys.size(), numbers: world.store.numberKeys.size() };
};

export const rfiChangeSchema = z.strictObject({
  /** New ones whole; of a known one only what changes. */
  rfis: z.array(rfiSchema).optional(),
  remove: z.array(tenantIdSchema).optional(),
  /** Happens that much later, in emulator time; forgotten by a restart. */
  afterMs: z.number().min(0).optional(),
});

export type RfiChange = z.infer<typeof rfiChangeSchema>;

const newRfi = (world: World, content: RfiContent): RfiContent => {
  const nowIso = new Date(world.now()).toISOString();
  return { productContext: 'teams', status: 'active', consentedOn: nowIso, lastModifiedOn: nowIso, ...content };
};

const changeRfi = (world: World, change: RfiContent): void => {
  const before: RfiRecord | undefined = world.store.rfi(change.tenantId.toLowerCase());
  const lastModifiedOn = new Date(world.now()).toISOString();
  const content = before ? { ...before.content, lastModifiedOn, ...change } : newRfi(world, change);
  writeRfi(world, { content, ...version(world), state: before?.state ?? settled() });
};

export const applyRfiChange = (world: World, { rfis = [], remove = [] }: RfiChange): void => {
  for (const rfi of rfis) changeRfi(world, rfi);
  for (const tenantId of remove) world.store.apply({ kind: 'rfi', key: tenantId.toLowerCase() });
};

/** Now, or later when `afterMs` says so. */
export const changeRfis = (world: World, change: RfiChange): { rfis: number } => {
  if (change.afterMs === undefined) applyRfiChange(world, change);
  else world.due.add(world.now() + change.afterMs, { kind: 'action', run: () => applyRfiChange(world, change) });
  return { rfis: world.store.rfiKeys.size() };
};

export const teamsDataSchema = z.strictObject({
  account: z.string(),
  addresses: z.array(civicAddressSchema).optional(),
  plans: z.array(capabilityPlanSchema).optional(),
  capabilities: z.array(z.string()).optional(),
});

/** Replaces what is given and keeps the rest. */
export const changeTeamsData = (world: World, { account, ...change }: z.infer<typeof teamsDataSchema>): { account: string } => {
  const before = world.store.teamsData(account);
  const record = {
    ...version(world),
    addresses: change.addresses ?? before?.addresses ?? [],
    plans: change.plans ?? before?.plans,
    capabilities: change.capabilities ?? before?.capabilities,
  };
  world.store.apply({ kind: 'teamsData', key: account, record });
  return { account };
};
