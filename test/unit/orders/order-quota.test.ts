import { beforeEach, describe, expect, it } from 'vitest';
import { makeQuotaAccept } from '../../../shared/orders/order-quota.ts';
import type { AcceptOrder, OrderAccepted, OrderDraft, OrderOperation } from '../../../shared/orders/ports.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';
import { ACME_CLIENT, composedApp, PARTNER_TENANT } from '../http/composed-app.ts';
import { acmeToken } from '../http/tokens.ts';

const DAY_MS = 86_400_000;
const ACCEPTED: OrderAccepted = { kind: 'accepted', operation: {} as OrderOperation, replayed: false };

let nowMs: number;
let answer: OrderAccepted;
let seen: OrderDraft[];
let accept: AcceptOrder;
beforeEach(() => {
  [nowMs, answer, seen] = [DAY_MS, ACCEPTED, []];
  const stored: AcceptOrder = (draft) => {
    seen.push(draft);
    return Promise.resolve(answer);
  };
  accept = makeQuotaAccept({ usage: memoryRowStore(), accept: stored, now: () => nowMs });
});

const draftOf = (count: number, more: Partial<OrderDraft> = {}): OrderDraft => ({
  lane: 'acc.acme-contoso',
  partner: 'acme',
  customerId: 'contoso',
  accountName: 'acme-contoso',
  kind: 'numbers',
  sentAs: 'upsert',
  numbers: Array.from({ length: count }, (_, n) => String(441_632_960_000 + n)),
  refused: {},
  payload: {},
  view: {},
  requestHash: 'h',
  numbersPerDay: 10,
  ...more,
});

describe('a quota of numbers a day', () => {
  it('takes orders in until it is used up, and says what is left', async () => {
    expect([await accept(draftOf(6)), await accept(draftOf(3))]).toEqual([ACCEPTED, ACCEPTED]);
    expect(await accept(draftOf(2))).toEqual({ kind: 'overQuota', limit: 10, left: 1 });
    expect(await accept(draftOf(1))).toEqual(ACCEPTED);
    expect(seen).toHaveLength(3);
    expect(seen[0]).not.toHaveProperty('numbersPerDay');
  });

  it('begins anew at midnight', async () => {
    nowMs = DAY_MS - 1;
    await accept(draftOf(10));
    expect((await accept(draftOf(1))).kind).toBe('overQuota');
    nowMs = DAY_MS;
    expect(await accept(draftOf(10))).toEqual(ACCEPTED);
  });

  it('counts neither releases nor numbers that failed at once', async () => {
    await accept(draftOf(50, { sentAs: 'release' }));
    await accept(draftOf(12, { refused: { 0: 'InvalidNumber', 1: 'InvalidNumber' } }));
    expect(await accept(draftOf(1))).toEqual({ kind: 'overQuota', limit: 10, left: 0 });
  });

  it.each<[string, OrderAccepted]>([
    ['was busy', { kind: 'busy' }],
    ['is a repeat', { ...ACCEPTED, replayed: true }],
  ])('gives back what an order did not use that %s', async (_why, outcome) => {
    answer = outcome;
    await accept(draftOf(10));
    answer = ACCEPTED;
    expect(await accept(draftOf(10))).toEqual(ACCEPTED);
  });

  it('is one for orders that come at the same time, and each partner has its own', async () => {
    const together = await Promise.all(Array.from({ length: 5 }, () => accept(draftOf(4))));
    expect(together.filter(({ kind }) => kind === 'accepted')).toHaveLength(2);
    expect(await accept(draftOf(10, { partner: 'beta' }))).toEqual(ACCEPTED);
  });

  it('is no limit where there is none', async () => {
    const { numbersPerDay: _, ...unlimited } = draftOf(5_000);
    expect(await accept(unlimited)).toEqual(ACCEPTED);
  });
});

describe('an order over the quota of its partner', () => {
  it('is answered 409 LimitReached, and one within it is taken', async () => {
    const partner = {
      id: 'acme',
      name: 'Acme',
      ranges: [{ from: '+441632960000', to: '+441632969999' }],
      clients: [{ tenantId: PARTNER_TENANT, clientId: ACME_CLIENT }],
      quota: { numbersPerDay: 2 },
    };
    let ids = 0;
    const { call } = composedApp(
      { acme: acmeToken('Partner.Read', 'Partner.Write') },
      { newId: () => `id${++ids}`, clock: { now: () => DAY_MS, sleep: () => Promise.resolve() } },
      { SEED_PARTNERS: JSON.stringify([partner]) },
    );
    await call('customers/contoso', { method: 'PUT', token: 'acme', body: { services: { zoomPhoneCloudPeering: {} } } });
    const order = (numbers: string[]) =>
      call('number-orders', {
        method: 'POST',
        token: 'acme',
        body: { action: 'provision', customerId: 'contoso', numbers, profile: { service: 'zoomPhoneCloudPeering' } },
      });
    const over = await order(['+441632960000', '+441632960001', '+441632960002']);
    expect([over.status, over.error]).toMatchObject([
      409,
      { code: 'LimitReached', target: 'quota', message: 'Your quota of 2 numbers a day leaves 2; the next day begins at 00:00 UTC.' },
    ]);
    expect((await order(['+441632960000', '+441632960001'])).status).toBe(202);
    expect((await order(['+441632960002'])).status).toBe(409);
    expect((await call('me', { token: 'acme' })).body).toMatchObject({ partner: { quota: { numbersPerDay: 2 } } });
  });
});
