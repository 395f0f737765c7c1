/** Takes accounts and numbers away: at once, or after their backend let go (published: wait and refresh after a delete). */
import { syncedServicesOfAccount, isSynced } from '../resources/account-schema.ts';
import { enabledServices } from '../resources/number-schema.ts';
import type { AccountRecord, NumberRecord } from '../resources/records.ts';
import { isLeaving, pending } from '../resources/sync-state.ts';
import { drawLatencyMs, planRemoval } from '../sync/plan.ts';
import { writeAccount, writeNumber } from '../sync/write-record.ts';
import type { World } from '../world.ts';
import { newVersion, type Call } from './call.ts';
import { noteWrite } from './note-write.ts';

const lingers = (world: World, record: NumberRecord): boolean => {
  const account = world.store.account(record.content.accountName)?.content;
  if (world.settings.deleteMode === 'immediate' || !account) return false;
  return enabledServices(record.content).some((service) => isSynced(account, service));
};

/** Deleting what is already leaving changes nothing. */
export const removeNumber = (world: World, record: NumberRecord, call: Call): void => {
  const { telephoneNumber, accountName } = record.content;
  if (isLeaving(record.state)) return;
  noteWrite(world, call, accountName, telephoneNumber);
  if (!lingers(world, record)) return world.store.apply({ kind: 'number', key: telephoneNumber });
  const state = planRemoval(world, {
    on: 'delete',
    number: telephoneNumber,
    account: accountName,
    services: enabledServices(record.content),
  });
  writeNumber(world, { ...record, ...newVersion(world), state });
};

/** The account and all its numbers leave together. */
export const removeAccount = (world: World, record: AccountRecord, call: Call): void => {
  const name = record.content.name;
  const services = syncedServicesOfAccount(record.content);
  const keys = world.store.numberKeysOf(name);
  const numbers = Array.from({ length: keys.size() }, (_, index) => keys.at(index) ?? '');
  for (const number of numbers) noteWrite(world, call, name, number);
  if (world.settings.deleteMode === 'immediate' || services.length === 0) {
    for (const key of numbers) world.store.apply({ kind: 'number', key });
    world.store.apply({ kind: 'account', key: name });
    return;
  }
  const atMs = world.now() + drawLatencyMs(world, services);
  for (const key of numbers) {
    const number = world.store.number(key);
    if (number) writeNumber(world, { ...number, ...newVersion(world), state: pending([{ atMs, becomes: 'gone' }]) });
  }
  writeAccount(world, { ...record, ...newVersion(world), state: pending([{ atMs, becomes: 'gone' }]) });
};
