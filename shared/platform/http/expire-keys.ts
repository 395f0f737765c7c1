/** Table `Keys`: removes Idempotency-Keys whose life is over, some at a time; whoever is cut off goes on where the last one had come to. */
import type { Row, RowStore } from '../tables/row-store.ts';
import { isKeyOver } from './key-life.ts';

export type ExpireKeysEffects = {
  keys: RowStore;
  /** Holds how far it has come. */
  leases: RowStore;
  now: () => number;
  /** Whose keys there may be; each has a partition. */
  owners: () => Promise<readonly string[]>;
};

/** A chore of the housekeeping. Resolves to how many were removed. */
export type ExpireKeys = () => Promise<number>;

/** One call looks at this many keys at most: at one call in five minutes more than half a million a day. */
const MAX_LOOKED = 2_000;
/** Looking for an owner's keys costs about as much as looking at so many. */
const OWNER_COST = 20;
const PAGE = 500;
const PARALLEL = 16;
/** After every key, which is base64url. */
const AFTER_KEYS = '~';
const FIRST_AFTER = '\u0000';

/** How far it has come: the keys of this owner up to `after`. */
type Place = { owner: string; after: string };
const START: Place = { owner: '', after: '' };
const [PARTITION, PLACE] = ['housekeeping', 'keys'];

/** Only as it was when it was read: a key that somebody has claimed anew since stays. */
const removeAll = async (keys: RowStore, owner: string, rows: readonly Row[]): Promise<number> => {
  let count = 0;
  for (let at = 0; at < rows.length; at += PARALLEL) {
    const some = rows.slice(at, at + PARALLEL).map(({ key, etag }) => keys.commit(owner, [{ kind: 'delete', key, etag }]));
    count += (await Promise.all(some)).filter(({ outcome }) => outcome === 'committed').length;
  }
  return count;
};

const isOver = (row: Row, nowMs: number): boolean => isKeyOver(row.value as Parameters<typeof isKeyOver>[0], nowMs);

/** The owner whose keys come next; undefined after the last one. */
const ownerAt = (owners: readonly string[], { owner, after }: Place): string | undefined =>
  owners.find((one) => (after === AFTER_KEYS ? one > owner : one >= owner));

export const makeExpireKeys =
  ({ keys, leases, now, owners }: ExpireKeysEffects): ExpireKeys =>
  async () => {
    const sorted = [...(await owners())].sort();
    let place = ((await leases.get(PARTITION, PLACE))?.value as Place | undefined) ?? START;
    let count = 0;
    for (let looked = 0; looked < MAX_LOOKED;) {
      const owner = ownerAt(sorted, place);
      if (owner === undefined) {
        place = START;
        break;
      }
      const rows = await keys.range(owner, owner === place.owner ? place.after + FIRST_AFTER : '', AFTER_KEYS, PAGE);
      const nowMs = now();
      const old = rows.filter((row) => isOver(row, nowMs));
      count += await removeAll(keys, owner, old);
      looked += rows.length + OWNER_COST;
      place = { owner, after: rows.length === PAGE ? (rows.at(-1)?.key ?? AFTER_KEYS) : AFTER_KEYS };
    }
    await leases.commit(PARTITION, [{ kind: 'put', key: PLACE, value: place }]);
    return count;
  };
