/** Asks upstream for one page of numbers under the shared budget, and says what came of it. */
import type { PermitAsk } from '../platform/budget/permit.ts';
import type { UpstreamRequest } from '../platform/upstream/call.ts';
import { askTimed, type TimedEffects } from './ask-timed.ts';
import type { PageAnswer, PageRow } from './page.ts';
import { asResource } from './resource.ts';

export type ReadPage = (request: UpstreamRequest, ask: PermitAsk) => Promise<PageAnswer>;

const toRow = (item: unknown): PageRow[] => {
  const resource = asResource(item);
  const number = resource['telephoneNumber'];
  return typeof number === 'string' && number.startsWith('+') ? [{ digits: number.slice(1), resource }] : [];
};

const toPage = (body: unknown, status: number, count: number | undefined, askedAtMs: number): PageAnswer => {
  const { value, nextLink } = asResource(body);
  if (status !== 204 && !Array.isArray(value)) return { kind: 'unheard', reason: 'noAnswer' };
  return {
    kind: 'page',
    rows: (Array.isArray(value) ? (value as unknown[]) : []).flatMap(toRow),
    ...(typeof nextLink === 'string' && nextLink !== '' ? { nextLink } : {}),
    ...(count === undefined ? {} : { count }),
    askedAtMs,
  };
};

/** Refusals that speak of the moment or of our rights, not of the form of the request. */
const isPassing = (status: number): boolean => status >= 500 || [401, 403, 408, 429].includes(status);

export const makeReadPage =
  (effects: TimedEffects): ReadPage =>
  async (request, ask) => {
    const asked = await askTimed(effects, request, ask);
    if (asked.kind === 'unheard') return asked;
    const { status, body, recordCount } = asked.answer;
    const { askedAtMs } = asked;
    if (status >= 200 && status < 300) return toPage(body, status, recordCount, askedAtMs);
    if (status === 404) return { kind: 'absent', askedAtMs };
    return isPassing(status) ? { kind: 'unheard', reason: 'noAnswer' } : { kind: 'refused', status };
  };
