/** Stores a new version of a resource and puts its background steps on the queue: the one way state changes. */
import type { AccountRecord, NumberRecord, RfiRecord, Subdomain } from '../resources/records.ts';
import type { SyncState } from '../resources/sync-state.ts';
import type { World } from '../world.ts';

const schedule = (world: World, kind: 'account' | 'number' | 'rfi', key: string, state: SyncState): void => {
  const [step] = state.plan;
  if (step) world.due.add(step.atMs, { kind, key, step });
};

export const writeAccount = (world: World, record: AccountRecord): void => {
  const key = record.content.name;
  world.store.apply({ kind: 'account', key, record });
  schedule(world, 'account', key, record.state);
  scheduleSubdomain(world, key, record.subdomain);
};

const scheduleSubdomain = (world: World, key: string, subdomain: Subdomain | undefined): void => {
  if (subdomain?.doneAtMs !== undefined) world.due.add(subdomain.doneAtMs, { kind: 'subdomain', key, doneAtMs: subdomain.doneAtMs });
};

export const writeNumber = (world: World, record: NumberRecord): void => {
  const key = record.content.telephoneNumber;
  world.store.apply({ kind: 'number', key, record });
  schedule(world, 'number', key, record.state);
};

export const writeRfi = (world: World, record: RfiRecord): void => {
  const key = record.content.tenantId.toLowerCase();
  world.store.apply({ kind: 'rfi', key, record });
  schedule(world, 'rfi', key, record.state);
};

/** After a restart: puts the next step of every stored resource on the queue again. */
export const scheduleAll = (world: World): void => {
  for (const change of world.store.dump()) {
    if (change.kind !== 'account' && change.kind !== 'number' && change.kind !== 'rfi') continue;
    if (change.record) schedule(world, change.kind, change.key, change.record.state);
    if (change.kind === 'account') scheduleSubdomain(world, change.key, change.record?.subdomain);
  }
};
