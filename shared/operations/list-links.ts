/** Pure: links of a list that were given out before, each by the key after which it goes on, so that a later walk begins near what it wants. */
import { rankOf, type ListMap, type RememberedLink } from './list-map.ts';

/** A list of a million records has two thousand pages; what is beyond that is walked to. */
const MOST_LINKS = 2_000;

/** Stretches of ascending keys. A list that begins anywhere and goes round has two of them at most. */
export const runsOf = (keys: readonly string[]): string[][] => {
  const runs: string[][] = [];
  let last: string | undefined;
  for (const key of keys) {
    if (last === undefined || key <= last) runs.push([]);
    runs.at(-1)?.push(key);
    last = key;
  }
  return runs;
};

const linkAt = (links: readonly RememberedLink[], key: string): number =>
  rankOf(
    links.map(({ after }) => after),
    key,
  ) - 1;

/** The link that goes on nearest before `key`. */
export const linkBefore = ({ links = [] }: Pick<ListMap, 'links'>, key: string): RememberedLink | undefined => links[linkAt(links, key)];

/** The link before each of the ascending `todo`, once, with how many of them come before the next link; undefined where one of them has none. */
export const linksTo = (
  { links = [] }: Pick<ListMap, 'links'>,
  todo: readonly string[],
): { link: RememberedLink; wanted: number }[] | undefined => {
  const found: { link: RememberedLink; wanted: number }[] = [];
  let at = -1;
  for (const key of todo) {
    while ((links[at + 1]?.after ?? key) < key) at++;
    const link = links[at];
    if (!link) return undefined;
    const last = found.at(-1);
    if (last?.link === link) last.wanted++;
    else found.push({ link, wanted: 1 });
  }
  return found;
};

/** Pages that show all of the ascending `todo` by way of remembered links; undefined where those do not lead to all of them. */
export const pagesByLinks = (map: Pick<ListMap, 'links'>, todo: readonly string[], pageSize: number): number | undefined =>
  linksTo(map, todo)?.reduce((pages, { wanted }) => pages + Math.ceil(wanted / pageSize), 0);

/** The map after a page that showed `keys`, in runs, and was asked for by the link after `after`, where it was. */
export const withLink = (map: ListMap, keys: readonly string[], nextLink: string | undefined, after?: string): ListMap => {
  const runs = runsOf(keys);
  const spans = runs.map((run, n) => ({
    from: n === 0 && after !== undefined && after < (run[0] ?? '') ? after : (run[0] ?? ''),
    to: run.at(-1) ?? '',
  }));
  const isOutside = ({ after: at }: RememberedLink): boolean => spans.every(({ from, to }) => at <= from || at >= to);
  const last = keys.at(-1);
  const kept = (map.links ?? []).filter((link) => isOutside(link) && link.after !== (nextLink === undefined ? undefined : last));
  if (nextLink === undefined || last === undefined || kept.length >= MOST_LINKS) return { ...map, links: kept };
  const at = linkAt(kept, last) + 1;
  return { ...map, links: [...kept.slice(0, at), { after: last, url: nextLink }, ...kept.slice(at)] };
};

/** The map after the first page of a list, as a place to begin again. */
export const withFirstPage = (map: ListMap): ListMap => {
  if (map.goesRound === true || !map.links || map.links[0]?.after === '') return map;
  return { ...map, links: [{ after: '', url: '' }, ...map.links] };
};

/** The map of a list that goes round: its first page is no place to begin again. */
export const goingRound = (map: ListMap): ListMap => ({
  ...map,
  goesRound: true,
  links: (map.links ?? []).filter(({ after }) => after !== ''),
});

export const withoutLinks = ({ links: _, ...map }: ListMap): ListMap => map;
