/** Brings the world up to its own time: every background step that is due happens, in order, at its own moment. */
import type { Version } from '../protocol/preconditions.ts';
import type { NumberContent } from '../resources/number-schema.ts';
import { TENANT_SERVICES } from '../resources/services.ts';
import type { Step, SyncState } from '../resources/sync-state.ts';
import type { DueStep, World } from '../world.ts';
import { writeAccount, writeNumber, writeRfi } from './write-record.ts';

/** Runs all that is due. Called before every request, so no timer is needed and a fake clock decides alone. */
export const settle = (world: World): void => {
  const nowMs = world.now();
  for (let due = world.due.takeDue(nowMs); due; due = world.due.takeDue(nowMs)) take(world, due.item);
};

const take = (world: World, due: DueStep): void => {
  if (due.kind === 'action') due.run();
  else if (due.kind === 'subdomain') takeSubdomain(world, due.key, due.doneAtMs);
  else if (due.kind === 'account') takeAccount(world, due.key, due.step);
  else if (due.kind === 'number') takeNumber(world, due.key, due.step);
  else takeRfi(world, due.key, due.step);
};

/** A later write gave the resource another plan: the step then belongs to content that is no longer there. */
const isStale = (record: { state: SyncState }, step: Step): boolean => record.state.plan[0] !== step;

const advance = (state: SyncState, step: Step): SyncState => {
  const plan = state.plan.slice(1);
  if (step.becomes === 'failed') return { status: 'failed', errors: step.errors, plan };
  if (step.becomes === 'synced') return { status: 'synced', errors: [], plan };
  return { ...state, plan };
};

const nextVersion = (world: World, version: Version, atMs: number): Version =>
  world.settings.etagChangesOnSync
    ? { etag: world.store.nextEtag(), modifiedMs: atMs }
    : { etag: version.etag, modifiedMs: version.modifiedMs };

const takeAccount = (world: World, key: string, step: Step): void => {
  const record = world.store.account(key);
  if (!record || isStale(record, step)) return;
  if (step.becomes === 'gone') world.store.apply({ kind: 'account', key });
  else writeAccount(world, { ...record, ...nextVersion(world, record, step.atMs), state: advance(record.state, step) });
};

const takeNumber = (world: World, key: string, step: Step): void => {
  const record = world.store.number(key);
  if (!record || isStale(record, step)) return;
  const content = step.becomes === 'assigned' ? toAssigned(record.content) : record.content;
  if (step.becomes === 'gone') world.store.apply({ kind: 'number', key });
  else writeNumber(world, { content, ...nextVersion(world, record, step.atMs), state: advance(record.state, step) });
};

const takeRfi = (world: World, key: string, step: Step): void => {
  const record = world.store.rfi(key);
  if (!record || isStale(record, step)) return;
  if (step.becomes === 'gone') world.store.apply({ kind: 'rfi', key });
  else writeRfi(world, { ...record, ...nextVersion(world, record, step.atMs), state: advance(record.state, step) });
};

const takeSubdomain = (world: World, key: string, doneAtMs: number): void => {
  const record = world.store.account(key);
  if (record?.subdomain?.doneAtMs !== doneAtMs) return;
  writeAccount(world, { ...record, ...nextVersion(world, record, doneAtMs), subdomain: { status: 'provisioned' } });
};

/** A user in the customer's tenant got the number. */
const toAssigned = (content: NumberContent): NumberContent => {
  const details = { ...content.serviceDetails };
  for (const service of TENANT_SERVICES) {
    const written = details[service];
    if (written) details[service] = { ...written, assignmentStatus: 'assigned' };
  }
  return { ...content, serviceDetails: details };
};
