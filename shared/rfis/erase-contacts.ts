/** Erases contacts of Requests for Information: of one when somebody asks for it, of all after the time for which they are kept. */
import { AppError } from '../platform/errors/app-error.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { erased, isOverdue } from './contacts.ts';
import { AFTER_TENANT_IDS, ALL_RFIS, type RfiListRow } from './list-rows.ts';
import { rfiLaneOf, type RfiLane } from './model.ts';
import { commitRfi, readRfi } from './rfi-store.ts';

export type EraseEffects = {
  state: RowStore;
  lists: RowStore;
  now: () => number;
  indexRfi: (lane: string) => Promise<void>;
  /** How long contacts are kept after they were taken in. */
  keepMs: number;
};

const MAX_TRIES = 5;
const LIST_PAGE = 500;

/** `missing`: there is no such RFI. `kept`: nothing to erase. */
type Erased = 'erased' | 'kept' | 'missing' | 'busy';

const eraseIf = async ({ state, now, indexRfi }: EraseEffects, tenantId: string, isMeant: (lane: RfiLane) => boolean): Promise<Erased> => {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const row = await readRfi(state, rfiLaneOf(tenantId));
    if (!row) return 'missing';
    if (!isMeant(row.value)) return 'kept';
    if (!(await commitRfi(state, row, erased(row.value, now()), []))) continue;
    // Best effort: the lists follow by their due row.
    await indexRfi(row.value.lane).catch(() => undefined);
    return 'erased';
  }
  return 'busy';
};

/** Undefined when nothing is left of them, also before. Errors: ResourceNotFound, ServiceBusy. */
export type EraseContacts = (tenantId: string) => Promise<AppError | undefined>;

export const makeEraseContacts =
  (effects: EraseEffects): EraseContacts =>
  async (tenantId) => {
    // Also where there are none now: none are to be taken in later.
    const outcome = await eraseIf(effects, tenantId, ({ rfi }) => rfi.erased?.rfiId !== rfi.content.id || rfi.content.contacts.length > 0);
    if (outcome === 'missing') return new AppError('ResourceNotFound', { target: 'rfi' });
    return outcome === 'busy' ? new AppError('ServiceBusy') : undefined;
  };

/** A chore of the housekeeping: what it does not come to is done the next time. Resolves to how many were erased. */
export type ExpireContacts = () => Promise<number>;

export const makeExpireContacts =
  (effects: EraseEffects): ExpireContacts =>
  async () => {
    const nowMs = effects.now();
    let count = 0;
    for (let from = ''; ;) {
      const rows = await effects.lists.range(ALL_RFIS, from, AFTER_TENANT_IDS, LIST_PAGE);
      for (const { key, value } of rows) {
        const row = value as RfiListRow;
        if (!row.listed || !isOverdue(row, effects.keepMs, nowMs)) continue;
        if ((await eraseIf(effects, key, ({ rfi }) => isOverdue(rfi, effects.keepMs, nowMs))) === 'erased') count++;
      }
      const last = rows.at(-1);
      if (!last || rows.length < LIST_PAGE) return count;
      from = `${last.key} `;
    }
  };
