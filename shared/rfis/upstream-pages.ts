/** Upstream's list of Requests for Information, page by page. */
import { rfiResource, toPage, type RfiResource } from '../platform/upstream/contract.ts';
import { rfisPath } from '../platform/upstream/paths.ts';
import type { AskUpstream } from './ports.ts';

/** The largest page that upstream is known to give; 10,000 RFIs are 20 requests. */
const PAGE_ROWS = 500;
/** 100,000 RFIs at full pages; a link that leads in circles ends here. */
export const MAX_PAGES = 200;

export type RfiPageSeen =
  /** `recordCount`: how many there are in all, where upstream says so. */
  | { kind: 'page'; items: readonly RfiResource[]; askedAtMs: number; recordCount?: number }
  | { kind: 'upstreamUnavailable' }
  | { kind: 'tooManyPages' };

/** Ends after the last page, or with the reason why it could not come so far. */
export async function* upstreamRfis({ ask, now }: { ask: AskUpstream; now: () => number }): AsyncGenerator<RfiPageSeen> {
  let link: string | undefined;
  for (let n = 0; n < MAX_PAGES; n++) {
    const query = { maxpagesize: String(PAGE_ROWS), countRecords: 'true' };
    const askedAtMs = now();
    const request = link === undefined ? { path: rfisPath(), query } : { path: link };
    const answer = await ask({ method: 'GET', ...request }, { permitClass: 'background' });
    const page = answer && answer.status < 300 ? toPage(rfiResource, answer.status, answer.body) : undefined;
    if (!answer || !page) {
      yield { kind: 'upstreamUnavailable' };
      return;
    }
    const { recordCount } = answer;
    yield { kind: 'page', items: page.value, askedAtMs, ...(recordCount === undefined ? {} : { recordCount }) };
    if (page.nextLink === undefined) return;
    link = page.nextLink;
  }
  yield { kind: 'tooManyPages' };
}
