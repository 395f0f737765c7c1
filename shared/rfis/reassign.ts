/** Gives RFIs to whom they belong by now: one by the operator's word, or all after a rule has changed. What cannot move yet moves at the next scan. */
import { AppError } from '../platform/errors/app-error.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { assign } from './assignment.ts';
import { noSuchPartner, type ListRules } from './assignment-rules.ts';
import { isFree, recordAssigned } from './diff.ts';
import { AFTER_TENANT_IDS, ALL_RFIS, type RfiListRow } from './list-rows.ts';
import { rfiLaneOf, type RfiLane } from './model.ts';
import type { FindPartnersOfTenant, PublishLane } from './ports.ts';
import { commitRfi, readRfi } from './rfi-store.ts';
import { toRfiView, type RfiView } from './view.ts';

export type ReassignEffects = {
  state: RowStore;
  lists: RowStore;
  now: () => number;
  listRules: ListRules;
  findPartnersOfTenant: FindPartnersOfTenant;
  indexRfi: (lane: string) => Promise<void>;
  publishLane: PublishLane;
};

const LIST_PAGE = 500;
const AT_ONCE = 20;
const MAX_TRIES = 5;

/** `pin` undefined leaves the operator's word as it is, null takes it back. */
type Pin = string | null | undefined;

const pinned = (lane: RfiLane, pin: Pin): RfiLane => {
  if (pin === undefined) return lane;
  const { pinned: _former, ...rfi } = lane.rfi;
  return { ...lane, rfi: pin === null ? rfi : { ...rfi, pinned: pin } };
};

/** The lane as it is then; undefined where there is none, or it has ended. */
const reassignOne = async (effects: ReassignEffects, tenantId: string, pin: Pin, listRules: ListRules): Promise<RfiLane | undefined> => {
  const name = rfiLaneOf(tenantId);
  const [customers, rules] = await Promise.all([effects.findPartnersOfTenant(tenantId), listRules()]);
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    // Whatever was said to the partner that has it must be on its way first.
    if (pin !== undefined) await effects.publishLane(name).catch(() => undefined);
    const row = await readRfi(effects.state, name);
    if (!row?.value.rfi.open) return undefined;
    const before = row.value;
    const lane = pinned(before, pin);
    const { consentedCountries: countries } = lane.rfi.content;
    const to = assign({ tenantId, countries, customers, rules, current: lane.partner, pinned: lane.rfi.pinned });
    const moves = to.partner !== before.partner;
    const names = to.partner === before.partner && to.customerId !== before.customerId;
    const { lane: after, writes } = (moves && isFree(before)) || names ? recordAssigned(lane, to, effects.now()) : { lane, writes: [] };
    if (after.rfi.pinned === before.rfi.pinned && after === lane) return before;
    if (!(await commitRfi(effects.state, row, after, writes))) continue;
    // Best effort: both have their due rows.
    await effects.indexRfi(name).catch(() => undefined);
    await effects.publishLane(name).catch(() => undefined);
    return after;
  }
  return undefined;
};

/** Resolves when every RFI was looked at once; repeatable. */
export type ReassignRfis = () => Promise<void>;

const mayMove = (row: RfiListRow): boolean => row.listed && row.open;

export const makeReassignRfis =
  (effects: ReassignEffects): ReassignRfis =>
  async () => {
    const rules = await effects.listRules();
    const listRules: ListRules = () => Promise.resolve(rules);
    for (let from = ''; ;) {
      const rows = await effects.lists.range(ALL_RFIS, from, AFTER_TENANT_IDS, LIST_PAGE);
      const open = rows.filter(({ value }) => mayMove(value as RfiListRow));
      for (let at = 0; at < open.length; at += AT_ONCE)
        await Promise.all(open.slice(at, at + AT_ONCE).map(({ key }) => reassignOne(effects, key, undefined, listRules)));
      const last = rows.at(-1);
      if (!last || rows.length < LIST_PAGE) return;
      from = `${last.key} `;
    }
  };

/**
 * Gives one RFI to a partner whatever rules and customers say, or with null back to them. Where a decision is under way it moves after it.
 * Errors: ResourceNotFound, RfiClosed, InvalidRequest for a partner that is none, ServiceBusy.
 */
export type AssignRfi = (tenantId: string, partnerId: string | null) => Promise<{ body: RfiView } | AppError>;

export const makeAssignRfi =
  (effects: ReassignEffects & { partnerExists: (id: string) => Promise<boolean> }): AssignRfi =>
  async (tenantId, partnerId) => {
    const known = (await readRfi(effects.state, rfiLaneOf(tenantId)))?.value;
    if (!known) return new AppError('ResourceNotFound', { target: 'rfi' });
    if (!known.rfi.open) return new AppError('RfiClosed', { target: 'rfi' });
    if (partnerId !== null && !(await effects.partnerExists(partnerId))) return noSuchPartner();
    const lane = await reassignOne(effects, tenantId, partnerId, effects.listRules);
    return lane ? { body: toRfiView({ ...lane, ...lane.rfi }, { seesContacts: true }) } : new AppError('ServiceBusy');
  };
