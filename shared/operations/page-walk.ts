/** Pure: the way through a list of numbers to the wanted ones: by its links, or by jumps where upstream was found to support them. */
import { accountPath, allNumbersPath, numbersPath } from '../platform/upstream/paths.ts';
import type { UpstreamRequest } from '../platform/upstream/call.ts';
import type { Capability } from './capabilities.ts';
import { EMPTY_MAP, type ListMap } from './list-map.ts';
import { newTally, type Tally } from './walk-tally.ts';

/** The list of all accounts; any other list is that of the account named so. */
export const ALL_ACCOUNTS = '';

export type PageAsk =
  | { kind: 'first' }
  | { kind: 'link'; url: string }
  /** A link of an earlier walk, given out by a page whose last key was `after`. */
  | { kind: 'again'; url: string; after: string }
  | { kind: 'skip'; at: number }
  /** Numbers from one to another, both included. */
  | { kind: 'range'; from: string; to: string };

export type Walk = {
  list: string;
  pageSize: number;
  /** Wanted and not looked at yet, ascending. */
  todo: readonly string[];
  mode: 'links' | 'skip' | 'range' | 'again';
  /** Links: the first page was read. */
  begun: boolean;
  /** Links: where it goes on. */
  next?: string;
  /** Links: capabilities that nobody knows of yet; the next page is asked for in that way to find out. */
  untried: readonly Capability[];
  /** Links: the keys of the first page, while something is to be tried. */
  firstKeys: readonly string[];
  /** Links: the last key shown, and how often keys went down; more than once, and the list is in no order. */
  lastKey?: string;
  descents: number;
  tally?: Tally;
  pages: number;
  /** Jumps in a row that led past everything wanted. */
  misses: number;
  /** Jumps that are more than a list in good order can take. */
  mostJumps: number;
  /** Positions: what the pages of this walk have shown, and how long the list was then. */
  shown: readonly { at: number; first: string; last: string; count?: number }[];
  /** `found`: every wanted number was passed. `complete`: the whole list was, provably. `end`: the links ended. `absent`: no such account. */
  end?: 'found' | 'complete' | 'end' | 'absent';
};

export type WalkStart = {
  list: string;
  /** Ascending. */
  wanted: readonly string[];
  pageSize: number;
  jumpBy: Capability | 'again' | undefined;
  untried: readonly Capability[];
  /** Whether to prove that the whole list was seen: for those who wait for something to be gone. */
  tally: boolean;
};

/** A search by halves through a million pages, and pages that inserts have shifted. */
const SPARE_JUMPS = 24;

const MODES = { order: 'skip', range: 'range', all: 'links', again: 'again' } as const;

export const startWalk = ({ list, wanted, pageSize, jumpBy, untried, tally }: WalkStart): Walk =>
  endedIfFound({
    list,
    pageSize,
    todo: wanted,
    mode: tally || jumpBy === undefined ? 'links' : MODES[jumpBy],
    begun: false,
    untried: tally ? [] : untried,
    firstKeys: [],
    descents: 0,
    ...(tally ? { tally: newTally() } : {}),
    pages: 0,
    misses: 0,
    mostJumps: 2 * wanted.length + SPARE_JUMPS,
    shown: [],
  });

/** The same walk by links from the first page on: jumping led nowhere. */
export const byLinks = (walk: Walk): Walk => {
  const { next: _, lastKey: __, ...rest } = walk;
  const tally = walk.tally && { tally: newTally(walk.tally.restarts) };
  return { ...rest, ...tally, mode: 'links', begun: false, untried: [], firstKeys: [], descents: 0, misses: 0 };
};

/** What a walk learned of upstream by a page. */
export type Learned = { what: Capability; holds: boolean };
export type Step = { walk: Walk; map: ListMap; learned: readonly Learned[] };

const quoted = (digits: string): string => `'+${digits}'`;

export const toRequest = ({ list, pageSize }: Walk, ask: PageAsk): UpstreamRequest => {
  const path = list === ALL_ACCOUNTS ? allNumbersPath() : numbersPath(list);
  const query = { maxpagesize: String(pageSize), countRecords: 'true' };
  switch (ask.kind) {
    case 'first':
      return { method: 'GET', path, query };
    case 'link':
      return { method: 'GET', path: ask.url };
    case 'again':
      return ask.url === '' ? { method: 'GET', path, query } : { method: 'GET', path: ask.url };
    case 'skip':
      return { method: 'GET', path, query: { ...query, skip: String(ask.at) } };
    case 'range':
      return {
        method: 'GET',
        path,
        query: { ...query, filter: `telephoneNumber ge ${quoted(ask.from)} and telephoneNumber le ${quoted(ask.to)}` },
      };
  }
};

/** For the account itself, where it waits too. */
export const accountRequest = (accountName: string): UpstreamRequest => ({ method: 'GET', path: accountPath(accountName) });

/** Both ends included. */
export const within = (key: string, from: string, to: string): boolean => key >= from && key <= to;

export const endedIfFound = (walk: Walk): Walk => (walk.todo.length === 0 && !walk.tally ? { ...walk, end: 'found' } : walk);

export const mapWith = (map: ListMap | undefined, count: number | undefined): ListMap =>
  count === undefined ? (map ?? EMPTY_MAP) : { ...(map ?? EMPTY_MAP), count };
