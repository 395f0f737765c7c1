/** What every row store must do, whatever is below it. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { CommitResult, RowStore, RowWrite } from '../../shared/platform/tables/row-store.ts';
import { MAX_TRANSACTION_ROWS, TransactionTooLarge } from '../../shared/platform/tables/transaction-budget.ts';

const etagOf = (result: CommitResult, key: string): string => {
  if (result.outcome !== 'committed') throw new Error('not committed');
  const etag = result.etags.get(key);
  if (etag === undefined) throw new Error(`no ETag for ${key}`);
  return etag;
};

const keysFrom = async (store: RowStore, partition: string, from = ' ', to = '~'): Promise<string[]> =>
  (await store.range(partition, from, to)).map((row) => row.key);

/** Text that neither deflate nor a dictionary can shrink much. */
const noise = (bytes: number): string => {
  let text = '';
  while (text.length < bytes) text += randomUUID();
  return text.slice(0, bytes);
};

const insertsOf = (count: number): RowWrite[] =>
  Array.from({ length: count }, (_, n) => ({ kind: 'insert', key: `row${n.toString().padStart(4, '0')}`, value: { n } }));

/** `open` gives a store; each test uses a partition of its own, so one store may serve them all. */
export const rowStoreContract = (name: string, open: () => RowStore): void => {
  const fresh = (): { store: RowStore; p: string } => ({ store: open(), p: `p-${randomUUID()}` });

  describe(`${name}: one row`, () => {
    it('gives back what was inserted, with the ETag the commit told', async () => {
      const { store, p } = fresh();
      const value = { text: 'ä "quoted" \n', list: [1, 2.5, null, true], nested: { z0: 'x', json: 'y' } };
      const result = await store.commit(p, [{ kind: 'insert', key: 'a', value }]);
      expect(await store.get(p, 'a')).toEqual({ key: 'a', value, etag: etagOf(result, 'a') });
    });

    it('has no row where none was written, and keeps partitions apart', async () => {
      const { store, p } = fresh();
      await store.commit(p, [{ kind: 'insert', key: 'a', value: 1 }]);
      expect(await store.get(p, 'b')).toBeUndefined();
      expect(await store.get(`${p}x`, 'a')).toBeUndefined();
    });

    it('refuses a second insert and keeps the first value', async () => {
      const { store, p } = fresh();
      await store.commit(p, [{ kind: 'insert', key: 'a', value: 'first' }]);
      expect(await store.commit(p, [{ kind: 'insert', key: 'a', value: 'second' }])).toEqual({ outcome: 'conflict' });
      expect((await store.get(p, 'a'))?.value).toBe('first');
    });

    it('replaces with the current ETag only, which each write changes', async () => {
      const { store, p } = fresh();
      const first = etagOf(await store.commit(p, [{ kind: 'insert', key: 'a', value: { old: 1 } }]), 'a');
      const second = etagOf(await store.commit(p, [{ kind: 'replace', key: 'a', value: { new: 2 }, etag: first }]), 'a');
      expect(second).not.toBe(first);
      expect(await store.commit(p, [{ kind: 'replace', key: 'a', value: { late: 3 }, etag: first }])).toEqual({ outcome: 'conflict' });
      expect((await store.get(p, 'a'))?.value).toEqual({ new: 2 });
    });

    it('refuses to replace or delete what is not there', async () => {
      const { store, p } = fresh();
      const etag = etagOf(await store.commit(p, [{ kind: 'insert', key: 'a', value: 1 }]), 'a');
      expect((await store.commit(p, [{ kind: 'delete', key: 'a' }])).outcome).toBe('committed');
      expect(await store.commit(p, [{ kind: 'delete', key: 'a' }])).toEqual({ outcome: 'conflict' });
      expect(await store.commit(p, [{ kind: 'replace', key: 'a', value: 2, etag }])).toEqual({ outcome: 'conflict' });
      expect(await store.get(p, 'a')).toBeUndefined();
    });

    it('deletes with the current ETag only, where one is named', async () => {
      const { store, p } = fresh();
      const first = etagOf(await store.commit(p, [{ kind: 'insert', key: 'a', value: 1 }]), 'a');
      const second = etagOf(await store.commit(p, [{ kind: 'replace', key: 'a', value: 2, etag: first }]), 'a');
      expect(await store.commit(p, [{ kind: 'delete', key: 'a', etag: first }])).toEqual({ outcome: 'conflict' });
      expect((await store.get(p, 'a'))?.value).toBe(2);
      expect((await store.commit(p, [{ kind: 'delete', key: 'a', etag: second }])).outcome).toBe('committed');
      expect(await store.commit(p, [{ kind: 'delete', key: 'a', etag: second }])).toEqual({ outcome: 'conflict' });
      expect(await store.get(p, 'a')).toBeUndefined();
    });

    it('lets nobody delete with an ETag beside other writes', async () => {
      const { store, p } = fresh();
      const etag = etagOf(await store.commit(p, [{ kind: 'insert', key: 'a', value: 1 }]), 'a');
      const both: RowWrite[] = [
        { kind: 'delete', key: 'a', etag },
        { kind: 'insert', key: 'b', value: 1 },
      ];
      await expect(store.commit(p, both)).rejects.toThrow('stands alone');
      expect(await keysFrom(store, p)).toEqual(['a']);
    });

    it('puts over anything or nothing, and leaves no property of the old value', async () => {
      const { store, p } = fresh();
      await store.commit(p, [{ kind: 'put', key: 'a', value: { big: noise(100_000) } }]);
      const result = await store.commit(p, [{ kind: 'put', key: 'a', value: { small: 1 } }]);
      expect(await store.get(p, 'a')).toEqual({ key: 'a', value: { small: 1 }, etag: etagOf(result, 'a') });
    });

    it('keeps a value that fills a row nearly to its limit', async () => {
      const { store, p } = fresh();
      const value = { text: noise(1_100_000) };
      await store.commit(p, [{ kind: 'insert', key: 'a', value }]);
      expect((await store.get(p, 'a'))?.value).toEqual(value);
    });
  });

  describe(`${name}: a transaction`, () => {
    it('writes every kind at once and tells each row its own new ETag', async () => {
      const { store, p } = fresh();
      const before = await store.commit(p, [
        { kind: 'insert', key: 'c', value: 0 },
        { kind: 'insert', key: 'd', value: 0 },
      ]);
      const result = await store.commit(p, [
        { kind: 'delete', key: 'd' },
        { kind: 'put', key: 'b', value: { n: 'b' } },
        { kind: 'replace', key: 'c', value: { n: 'c', text: noise(50_000) }, etag: etagOf(before, 'c') },
        { kind: 'insert', key: 'a', value: { n: 'a' } },
      ]);
      const rows = await store.range(p, ' ', '~');
      expect(rows.map((row) => [row.key, row.etag])).toEqual(['a', 'b', 'c'].map((key) => [key, etagOf(result, key)]));
      expect(rows.map((row) => (row.value as { n: string }).n)).toEqual(['a', 'b', 'c']);
    });

    it.each<[string, RowWrite]>([
      ['an insert of an existing row', { kind: 'insert', key: 'there', value: 2 }],
      ['a replace with an old ETag', { kind: 'replace', key: 'there', value: 2, etag: 'W/"datetime\'2020-01-01T00%3A00%3A00.0000000Z\'"' }],
      ['a delete of a missing row', { kind: 'delete', key: 'missing' }],
      [
        'a replace of a missing row',
        { kind: 'replace', key: 'missing', value: 2, etag: 'W/"datetime\'2020-01-01T00%3A00%3A00.0000000Z\'"' },
      ],
    ])('writes nothing when it holds %s', async (_, bad) => {
      const { store, p } = fresh();
      await store.commit(p, [{ kind: 'insert', key: 'there', value: 1 }]);
      const result = await store.commit(p, [{ kind: 'insert', key: 'a', value: 1 }, bad, { kind: 'put', key: 'z', value: 1 }]);
      expect(result).toEqual({ outcome: 'conflict' });
      expect(await keysFrom(store, p)).toEqual(['there']);
    });

    it('lets one of several writers with the same ETag win', async () => {
      const { store, p } = fresh();
      const etag = etagOf(await store.commit(p, [{ kind: 'insert', key: 'a', value: 0 }]), 'a');
      const results = await Promise.all(
        [1, 2, 3, 4].map((n) =>
          store.commit(p, [
            { kind: 'replace', key: 'a', value: n, etag },
            { kind: 'insert', key: `by${n}`, value: n },
          ]),
        ),
      );
      expect(results.filter((result) => result.outcome === 'committed')).toHaveLength(1);
      expect(await keysFrom(store, p)).toHaveLength(2);
    });

    it('commits as many rows as the budget allows, and nothing for no writes', async () => {
      const { store, p } = fresh();
      expect((await store.commit(p, insertsOf(MAX_TRANSACTION_ROWS))).outcome).toBe('committed');
      expect(await keysFrom(store, p)).toHaveLength(MAX_TRANSACTION_ROWS);
      expect(await store.commit(p, [])).toEqual({ outcome: 'committed', etags: new Map() });
    });

    it.each<[string, () => RowWrite[]]>([
      ['too many rows', () => insertsOf(MAX_TRANSACTION_ROWS + 1)],
      ['one row over 1,000 KiB', () => [{ kind: 'put', key: 'a', value: noise(2_500_000) }]],
      ['3 MiB in all', () => ['a', 'b', 'c', 'd', 'e'].map((key) => ({ kind: 'put', key, value: noise(1_100_000) }))],
      [
        'a row twice',
        () => [
          { kind: 'put', key: 'a', value: 1 },
          { kind: 'delete', key: 'a' },
        ],
      ],
    ])('refuses %s before anything is written', async (_, writes) => {
      const { store, p } = fresh();
      await expect(store.commit(p, writes())).rejects.toBeInstanceOf(TransactionTooLarge);
      expect(await keysFrom(store, p)).toEqual([]);
    });
  });

  describe(`${name}: a range`, () => {
    it('holds its lower bound and not its upper, in key order, up to the limit', async () => {
      const { store, p } = fresh();
      await store.commit(
        p,
        ['b|2', 'a|1', 'b|10', 'c', 'b', 'b|3', 'b}'].map((key): RowWrite => ({ kind: 'insert', key, value: key })),
      );
      expect(await keysFrom(store, p, 'b|', 'b}')).toEqual(['b|10', 'b|2', 'b|3']);
      expect(await keysFrom(store, p, 'b|10', 'b|3')).toEqual(['b|10', 'b|2']);
      expect((await store.range(p, 'a', 'z', 2)).map((row) => row.key)).toEqual(['a|1', 'b']);
      expect(await store.range(p, 'a', 'z', 0)).toEqual([]);
      expect(await store.range(p, 'd', 'e')).toEqual([]);
    });

    it('reads over the page size of the service', async () => {
      const { store, p } = fresh();
      const count = 1_100;
      const writes = insertsOf(count);
      for (let n = 0; n < count; n += MAX_TRANSACTION_ROWS) await store.commit(p, writes.slice(n, n + MAX_TRANSACTION_ROWS));
      expect(await keysFrom(store, p)).toEqual(writes.map((write) => write.key));
      expect(await store.range(p, 'row', 'row~', 1_050)).toHaveLength(1_050);
    });
  });

  describe(`${name}: keys`, () => {
    it.each(['a/b', 'a\\b', 'a#b', 'a?b', 'a%2Fb', 'a!b', "o'x", 'a+b c', 'tab\tend', 'ä€😀', 'due|poll|2026-11-01T00:00:00.000Z|x'])(
      'may hold any character: %j',
      async (key) => {
        const { store, p } = fresh();
        const partition = `${p}${key}`;
        const inserted = await store.commit(partition, [
          { kind: 'insert', key, value: key },
          { kind: 'insert', key: `${key}|sub`, value: 0 },
        ]);
        expect(await store.get(partition, key)).toEqual({ key, value: key, etag: etagOf(inserted, key) });
        expect(await keysFrom(store, partition, `${key}|`, `${key}}`)).toEqual([`${key}|sub`]);
        expect((await store.commit(partition, [{ kind: 'replace', key, value: 2, etag: etagOf(inserted, key) }])).outcome).toBe(
          'committed',
        );
        expect((await store.commit(partition, [{ kind: 'delete', key }])).outcome).toBe('committed');
        expect(await store.get(partition, key)).toBeUndefined();
      },
    );
  });
};
