import { describe, expect, it } from 'vitest';
import type { AskUpstream } from '../../../shared/operations/ask-upstream.ts';
import type { Seen } from '../../../shared/operations/poll-fold.ts';
import { readNumbers } from '../../../shared/operations/read-numbers.ts';
import { digitsAt, digitsFrom } from './samples.ts';

type Page = { numbers: string[]; recordCount?: number | undefined };

/** Pages answered in order; numbers asked one by one are there when a page holds them. */
const upstreamOf =
  (pages: readonly Page[]): AskUpstream =>
  async ({ path, query }) => {
    const single = /%2B(\d+)$/.exec(path)?.[1];
    const held = pages.flatMap(({ numbers }) => numbers);
    if (single !== undefined)
      return { kind: 'answer', status: held.includes(single) ? 200 : 404, body: { serviceProvisioningStatus: 'synced' } };
    const at = query === undefined ? Number(path.split('page=')[1]) : 0;
    const { numbers = [], recordCount } = pages[at] ?? {};
    const value = numbers.map((digits) => ({ telephoneNumber: `+${digits}` }));
    const next = at + 1 < pages.length ? { nextLink: `https://upstream.test/numbers?page=${at + 1}` } : {};
    return { kind: 'answer', status: 200, body: { value, ...next }, ...(recordCount === undefined ? {} : { recordCount }) };
  };

const look = async (ask: AskUpstream, digits: readonly string[]) => {
  const gone: string[] = [];
  const there: string[] = [];
  const onSeen = async (seen: Seen): Promise<void> => {
    for (const [one, resource] of seen) (resource === 'gone' ? gone : there).push(one);
    return Promise.resolve();
  };
  const whole = await readNumbers(ask, 'acme-contoso', digits, { permitClass: 'polls', partner: 'acme' }, onSeen);
  return { whole, gone, there };
};

describe('a number is gone', () => {
  it('when asking for it answers 404', async () => {
    expect(await look(upstreamOf([{ numbers: [digitsAt(0)] }]), [digitsAt(0), digitsAt(1)])).toEqual({
      whole: true,
      gone: [digitsAt(1)],
      there: [digitsAt(0)],
    });
  });

  it('when it is on none of the pages, and as many were listed as upstream counted from first to last', async () => {
    const pages = [
      { numbers: digitsFrom(0, 2), recordCount: 3 },
      { numbers: [digitsAt(2)], recordCount: 3 },
    ];
    expect((await look(upstreamOf(pages), digitsFrom(1, 4))).gone).toEqual(digitsFrom(3, 2));
  });

  it.each([
    ['fewer were listed than counted', [3, 3], [digitsAt(1)]],
    ['the count changed while the list was read', [2, 3], [digitsAt(2)]],
    ['upstream counted nothing', [undefined, undefined], [digitsAt(2)]],
  ])('not when %s', async (_, [first, last], rest) => {
    const pages = [
      { numbers: [digitsAt(1)], recordCount: first },
      { numbers: rest, recordCount: last },
    ];
    expect((await look(upstreamOf(pages), digitsFrom(1, 5))).gone).toEqual([]);
  });
});

describe('numbers of a large account', () => {
  /** Requests until 40 numbers are known of which the list shows the last one on its last page, or never. */
  const cost = async (
    pages: readonly Page[],
    wanted: readonly string[],
  ): Promise<{ requests: number; whole: boolean; gone: string[]; there: string[] }> => {
    let requests = 0;
    const upstream = upstreamOf(pages);
    const looked = await look((...asked) => {
      requests++;
      return upstream(...asked);
    }, wanted);
    return { requests, ...looked };
  };
  const large = (recordCount: number | undefined): Page[] =>
    Array.from({ length: 200 }, (_, n) => ({ numbers: digitsFrom(1_000 + n * 5, 5), recordCount }));

  it('are asked for one by one rather than by all its pages', async () => {
    const { requests, whole, gone } = await cost(large(1_000), digitsFrom(0, 40));
    expect({ requests, whole }).toEqual({ requests: 1 + 40, whole: true });
    expect(gone).toHaveLength(40);
  });

  it('cost no more than twice that where upstream does not count its records', async () => {
    expect((await cost(large(undefined), digitsFrom(0, 40))).requests).toBeLessThanOrEqual(2 * 40);
  });

  it('are read by pages while few of those are left', async () => {
    const { requests, there } = await cost(
      large(1_000)
        .slice(0, 6)
        .map((page) => ({ ...page, recordCount: 30 })),
      digitsFrom(1_000, 30),
    );
    expect(requests).toBe(6);
    expect(there).toHaveLength(30);
  });
});
