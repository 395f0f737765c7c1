/** A list of numbers that answers page requests in this process: the emulator's own paging, or a range filter that it does not know. */
import { listPage } from '../../infra/local/upstream/protocol/paging.ts';
import type { Settings } from '../../infra/local/upstream/settings.ts';
import { sortedKeys } from '../../infra/local/upstream/store/sorted-keys.ts';
import { EMPTY_MAP, type ListMap } from '../../shared/operations/list-map.ts';
import type { Page, PageAnswer } from '../../shared/operations/page.ts';
import { toRequest, type Learned, type PageAsk, type Walk } from '../../shared/operations/page-walk.ts';
import { afterAnswer, nextAsks } from '../../shared/operations/walk-step.ts';

export type ListSwitches = Pick<Settings, 'filter' | 'listOrder'> & {
  /** Honours `telephoneNumber ge ... and le ...`. */
  ranges?: boolean;
  /** Only the page that a listing begins with tells how many records there are. */
  countsFirstOnly?: boolean;
  random?: () => number;
  /** True for an answer that is lost. */
  isLost?: () => boolean;
};

const RANGE = /^telephoneNumber ge '\+(\d+)' and telephoneNumber le '\+(\d+)'$/;

/** Answers as upstream would, from numbers (digits) that may change between two asks. */
export const answerFrom = (held: () => readonly string[], switches: ListSwitches, walk: Walk, ask: PageAsk): PageAnswer => {
  if (switches.isLost?.()) return { kind: 'unheard', reason: 'noAnswer' };
  const request = toRequest(walk, ask);
  const url = new URL(request.path, 'https://upstream.test');
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  const range = switches.ranges === true ? RANGE.exec(url.searchParams.get('filter') ?? '') : null;
  const [, from = '', to = ''] = range ?? [];
  if (range) url.searchParams.delete('filter');
  const listed = listPage({
    keys: sortedKeys(held().filter((key) => !range || (key >= from && key <= to))),
    toBody: (key) => ({ telephoneNumber: `+${key}`, serviceProvisioningStatus: 'synced' }),
    query: url.searchParams,
    url: `${url.origin}${url.pathname}`,
    settings: switches,
    random: switches.random ?? (() => 0.37),
  });
  if (!listed.ok) return { kind: 'refused', status: listed.answer.status };
  const { value, nextLink } = listed.value.body as { value: { telephoneNumber: string }[]; nextLink?: string };
  const count = switches.countsFirstOnly === true && ask.kind === 'link' ? undefined : listed.value.headers['x-ms-record-count'];
  const page: Page = {
    kind: 'page',
    rows: value.map((resource) => ({ digits: resource.telephoneNumber.slice(1), resource })),
    askedAtMs: 0,
  };
  return { ...page, ...(nextLink === undefined ? {} : { nextLink }), ...(count === undefined ? {} : { count: Number(count) }) };
};

export type Walked = { walk: Walk; map: ListMap; seen: Set<string>; requests: number; learned: Learned[] };

/** Walks to the end, several pages at a time; throws when that takes more than `most` requests. */
export const walkToEnd = (
  start: Walk,
  held: () => readonly string[],
  switches: ListSwitches,
  { map = EMPTY_MAP, parallel = 8, most = 2_000 }: { map?: ListMap; parallel?: number; most?: number } = {},
): Walked => {
  const walked: Walked = { walk: start, map, seen: new Set(), requests: 0, learned: [] };
  while (walked.walk.end === undefined) {
    const asks = nextAsks(walked.walk, walked.map, parallel);
    if (asks.length === 0) throw new Error('a walk that has not ended asks for nothing');
    const asking = walked.walk;
    for (const ask of asks) {
      walked.requests++;
      if (walked.requests > most) throw new Error(`more than ${most} requests`);
      const answer = answerFrom(held, switches, asking, ask);
      if (answer.kind === 'page') for (const { digits } of answer.rows) walked.seen.add(digits);
      const step = afterAnswer(walked.walk, walked.map, ask, answer);
      walked.walk = step.walk;
      walked.map = step.map;
      walked.learned.push(...step.learned);
    }
  }
  return walked;
};
