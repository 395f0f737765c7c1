import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/platform/errors/app-error.ts';
import { rfiListQuery, rfiPage, type RfiListQuery } from '../../../shared/rfis/list.ts';
import type { RfiReader } from '../../../shared/rfis/view.ts';
import { makeRfiWorld, rfi, tenant, type RfiWorld } from './rfi-world.ts';

const COUNT = 12;
const ACME_HAS = [1, 4, 5, 9];
const OPERATOR: RfiReader = { seesContacts: true };
const ACME: RfiReader = { partner: 'acme', seesContacts: false };
const BETA: RfiReader = { partner: 'beta', seesContacts: true };

let world: RfiWorld;

beforeAll(async () => {
  world = makeRfiWorld();
  const statusOf = (n: number) => ({ customerRelationship: { status: n % 4 === 1 ? 'ConsentAcknowledged' : 'AgreementSigned' } });
  world.upstream = Array.from({ length: COUNT }, (_, n) => rfi(n, statusOf(n)));
  world.customers = ACME_HAS.map((n) => ({ partner: 'acme', customerId: `c${n}`, tenantId: tenant(n) }));
  await world.ingest();
});

const pageOf = async (reader: RfiReader, query: RfiListQuery = {}) => {
  const page = await world.list(reader, query);
  if (page instanceof AppError) throw page;
  return rfiPage.parse(page.body);
};

/** All pages, each asked for by the link of the one before. */
const follow = async (reader: RfiReader, query: RfiListQuery = {}): Promise<{ pages: number; ids: string[] }> => {
  const ids: string[] = [];
  for (let pages = 1, asked = query; ; pages++) {
    const { value, nextLink } = await pageOf(reader, asked);
    ids.push(...value.map(({ tenantId }) => tenantId));
    if (nextLink === undefined) return { pages, ids };
    const { 'api-version': version, ...next } = Object.fromEntries(new URL(nextLink).searchParams);
    expect([nextLink.startsWith('https://api.example/api/rfis?'), version]).toEqual([true, '2026-11-01']);
    asked = rfiListQuery.parse(next);
  }
};

describe('the list of RFIs', () => {
  it('shows a partner those assigned to it, the operator all', async () => {
    expect(await follow(ACME)).toEqual({ pages: 1, ids: ACME_HAS.map(tenant) });
    expect(await follow(OPERATOR)).toEqual({ pages: 1, ids: Array.from({ length: COUNT }, (_, n) => tenant(n)) });
    expect(await follow(BETA)).toEqual({ pages: 1, ids: [] });
  });

  it.each([1, 2, 3, 4, 5, COUNT, 1000])('comes in pages of %i, each RFI once', async (size) => {
    const { pages, ids } = await follow(OPERATOR, rfiListQuery.parse({ maxpagesize: String(size) }));
    expect(ids).toEqual(Array.from({ length: COUNT }, (_, n) => tenant(n)));
    expect(pages).toBe(Math.ceil(COUNT / size));
  });

  it('shows those of one relationship, over pages too', async () => {
    const query = rfiListQuery.parse({ relationship: 'ConsentAcknowledged', maxpagesize: '1' });
    expect((await follow(ACME, query)).ids).toEqual([1, 5, 9].map(tenant));
    expect((await follow(ACME, { relationship: 'other' })).ids).toEqual([]);
  });

  it('says of each what callers need', async () => {
    const [first] = (await pageOf({ partner: 'acme', seesContacts: true })).value;
    expect(first).toEqual({
      tenantId: tenant(1),
      id: 'rfi-1',
      customerId: 'c1',
      status: 'active',
      consentedCountries: ['UK', 'US'],
      consentedAt: '2026-10-01T00:00:00Z',
      updatedAt: '2026-10-01T00:00:00Z',
      contacts: [{ fullName: 'Ada Lovelace', email: 'ada@contoso.example' }],
      relationship: { status: 'ConsentAcknowledged' },
      assignedPartnerId: 'acme',
      syncStatus: 'Succeeded',
      etag: expect.stringMatching(/^"[\w-]+"$/) as unknown,
    });
  });

  it('keeps contacts from callers that may not decide', async () => {
    const text = JSON.stringify(await pageOf(ACME));
    expect(text).toContain('rfi-1');
    expect(text).not.toMatch(/contacts|Ada|@/);
  });

  it('authorises a page by its caller: a link of somebody else shows nothing of theirs', async () => {
    const { nextLink = '' } = await pageOf(ACME, { maxpagesize: 1 });
    const continuationToken = new URL(nextLink).searchParams.get('continuationToken') ?? '';
    expect(await pageOf(BETA, { continuationToken })).toEqual({ value: [] });
  });

  it.each(['x', '{}', Buffer.from('{"v":1,"after":"|"}').toString('base64url'), Buffer.from('null').toString('base64url')])(
    'refuses the token %s',
    async (continuationToken) => {
      expect(await world.list(OPERATOR, { continuationToken })).toMatchObject({ code: 'InvalidContinuationToken' });
    },
  );
});
