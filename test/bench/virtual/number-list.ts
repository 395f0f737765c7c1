/** Lists of numbers as the modelled upstream answers them: pages in key order, filters where they are supported, counts. */
import type { UpstreamAnswer } from '../../../shared/platform/upstream/call.ts';
import type { SortedKeys } from '../../../infra/local/upstream/store/sorted-keys.ts';

export type FilterMode = 'supported' | 'ignored' | 'refused';
export type OrderMode = 'stable' | 'shuffled';

/** Upstream publishes no cap for this version; 500 was the cap of the last one that did (2023-10-01). */
const MAX_PAGE = 500;
const DEFAULT_PAGE = 200;

export type Shown = Record<string, unknown>;

export type ListOptions = {
  filter: FilterMode;
  order: OrderMode;
  /** A place from 0 up to 1 at which a fresh listing begins when the order is not stable. */
  anywhere: () => number;
};

type Condition = { field: string; isEqual: boolean; value: string };

/** `field eq 'value'` and `field ne 'value'`, joined by `and`; undefined for anything else. */
const parseFilter = (text: string): Condition[] | undefined => {
  const conditions = text.split(/\s+and\s+/).map((part) => /^\s*(\w+)\s+(eq|ne)\s+'([^']*)'\s*$/.exec(part));
  if (conditions.some((match) => match === null)) return undefined;
  return conditions.map((match) => ({ field: match?.[1] ?? '', isEqual: match?.[2] === 'eq', value: match?.[3] ?? '' }));
};

/** The numbers of a list: their keys in order, one field of a number, and all of it. */
export type Listed = { keys: SortedKeys; fieldOf: (key: string, field: string) => unknown; show: (key: string) => Shown };

const passes = ({ fieldOf }: Listed, key: string, conditions: readonly Condition[]): boolean =>
  conditions.every(({ field, isEqual, value }) => (String(fieldOf(key, field)) === value) === isEqual);

const refusal: UpstreamAnswer = { kind: 'answer', status: 400, body: { error: { code: 'InvalidRequest', message: 'filter' } } };

/** What one listing walks over: the keys from its first one to the end, then from the beginning to its first one. */
function* walk(keys: SortedKeys, start: string, after: string): Generator<string> {
  const first = keys.indexOf(start);
  const from = after === '' ? first : keys.indexOf(after) + (keys.at(keys.indexOf(after)) === after ? 1 : 0);
  const wrapped = after !== '' && after < start;
  if (!wrapped) for (let index = from; index < keys.size(); index++) yield keys.at(index) ?? '';
  for (let index = wrapped ? from : 0; index < first; index++) yield keys.at(index) ?? '';
}

/** One page of `listed` as `url` asks for it. */
export const listPage = (url: URL, listed: Listed, options: ListOptions): UpstreamAnswer => {
  const { keys, show } = listed;
  const query = url.searchParams;
  const text = query.get('filter');
  const conditions = text !== null && options.filter === 'supported' ? parseFilter(text) : [];
  if (!conditions || (text !== null && options.filter === 'refused')) return refusal;
  const size = Math.min(Number(query.get('maxpagesize') ?? DEFAULT_PAGE), MAX_PAGE, Number(query.get('top') ?? MAX_PAGE));
  const fresh = options.order === 'stable' ? '' : (keys.at(Math.floor(options.anywhere() * keys.size())) ?? '');
  const [start, after] = [query.get('start') ?? fresh, query.get('after') ?? ''];
  let toSkip = Number(query.get('skip') ?? 0);
  const value: Shown[] = [];
  let [last, more] = ['', false];
  for (const key of walk(keys, start, after)) {
    if (conditions.length > 0 && !passes(listed, key, conditions)) continue;
    if (toSkip-- > 0) continue;
    more = value.length === size;
    if (more) break;
    value.push(show(key));
    last = key;
  }
  const link = new URL(url);
  link.searchParams.delete('skip');
  link.searchParams.set('start', start);
  link.searchParams.set('after', last);
  const left = query.has('top') ? Number(query.get('top')) - value.length : undefined;
  if (left !== undefined) link.searchParams.set('top', String(left));
  const nextLink = more && left !== 0 ? { nextLink: link.href } : {};
  const count = query.get('countRecords') === 'true' ? { recordCount: countAll(listed, conditions) } : {};
  return { kind: 'answer', status: 200, body: { value, ...nextLink }, ...count };
};

const countAll = (listed: Listed, conditions: readonly Condition[]): number => {
  const { keys } = listed;
  if (conditions.length === 0) return keys.size();
  let count = 0;
  for (let index = 0; index < keys.size(); index++) if (passes(listed, keys.at(index) ?? '', conditions)) count++;
  return count;
};
