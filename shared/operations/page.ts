/** Pure: one page of a list of numbers, as far as it was heard. */
import type { Resource } from './resource.ts';

export type PageRow = { digits: string; resource: Resource };

export type Page = {
  kind: 'page';
  /** In the order of the answer. */
  rows: readonly PageRow[];
  nextLink?: string;
  /** `x-ms-record-count`. */
  count?: number;
  /** What the page shows was true at this time or later. */
  askedAtMs: number;
};

export type PageAnswer =
  | Page
  /** 404: there is no such account. */
  | { kind: 'absent'; askedAtMs: number }
  /** Another refusal: not in this form. */
  | { kind: 'refused'; status: number }
  /** Nothing is known: no permit came, or no answer, or none that can be read. */
  | { kind: 'unheard'; reason: 'noPermit' | 'noAnswer' };
