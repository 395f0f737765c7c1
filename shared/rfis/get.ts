/** GET /rfis/{tenantId}: one Request for Information, for those whom it concerns. */
import { AppError } from '../platform/errors/app-error.ts';
import type { RowStore } from '../platform/tables/row-store.ts';
import { rfiLaneOf, type RfiLane } from './model.ts';
import type { RefreshRfi } from './refresh.ts';
import { readRfi } from './rfi-store.ts';
import { toRfiView, type RfiReader, type RfiView } from './view.ts';

/** A permit comes free within seconds unless others are at work. */
const BUSY_RETRY_S = 5;

/** Whether this RFI is any of the reader's business. */
export const isReadersOwn = ({ partner }: Pick<RfiLane, 'partner'>, reader: RfiReader): boolean =>
  reader.partner === undefined || reader.partner === partner;

/**
 * Errors: ResourceNotFound, also for another partner's; with `refresh` TooManyRequests when the budget has no room soon, and
 * UpstreamUnavailable.
 */
export type GetRfi = (reader: RfiReader, tenantId: string, refresh: boolean) => Promise<{ body: RfiView; etag: string } | AppError>;

export const makeGetRfi =
  ({ state, refresh }: { state: RowStore; refresh: RefreshRfi }): GetRfi =>
  async (reader, tenantId, fresh) => {
    const read = async (): Promise<RfiLane | undefined> => {
      const lane = (await readRfi(state, rfiLaneOf(tenantId)))?.value;
      return lane && isReadersOwn(lane, reader) ? lane : undefined;
    };
    const known = await read();
    const outcome = fresh && known ? await refresh(tenantId, known.partner) : 'refreshed';
    if (outcome === 'busy') return new AppError('TooManyRequests', { retryAfterS: BUSY_RETRY_S });
    if (outcome === 'unavailable') return new AppError('UpstreamUnavailable');
    const lane = fresh ? await read() : known;
    if (!lane) return new AppError('ResourceNotFound', { target: 'rfi' });
    const body = toRfiView({ ...lane, ...lane.rfi }, reader);
    return { body, etag: body.etag };
  };
