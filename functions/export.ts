/** Wires the export of a partner: the lists of its own API, asked as the partner would ask them, and what the operator keeps of it. */
import { makeExportPartner, type ExportedList, type ListPage } from '../shared/operator/export.ts';
import type { Principal } from '../shared/partners/model.ts';
import type { PartnerRegistry } from '../shared/partners/registry.ts';
import { AppError } from '../shared/platform/errors/app-error.ts';
import { exportUses, type ExportUses } from './http/operator-export.ts';
import type { UseCases } from './http/routes.ts';

const ITEMS_A_PAGE = 500;
const DAY_MS = 86_400_000;
/** As far back as one look at the usage goes. */
const USAGE_DAYS = 365;

/** The lists that an export is made of, by the names of their routes. */
export type Listings = Pick<
  UseCases,
  | 'listApiKeys'
  | 'listProfiles'
  | 'listCustomers'
  | 'listNumbers'
  | 'listOrders'
  | 'listOrderItems'
  | 'listOperations'
  | 'listSubscriptions'
  | 'listRfis'
  | 'listAuditEvents'
  | 'getUsage'
>;

export type ExportParts = { uses: Listings; registry: Pick<PartnerRegistry, 'record'>; now: () => number; publicBaseUrl: string };

type Asked = { params?: Record<string, string>; query?: Record<string, string | number | undefined> };
type Answered = { body?: { value: readonly object[]; nextLink?: string } } | AppError;

/** Any list, once its exact type no longer matters: it is asked for pages and answers pages. */
const asList = (use: unknown) => use as (input: Asked & { principal: Principal; wantsText: false }) => Answered | Promise<Answered>;

const tokenIn = (nextLink: string | undefined): string | undefined =>
  nextLink === undefined ? undefined : (new URL(nextLink).searchParams.get('continuationToken') ?? undefined);

/** Contacts are personal data of others; they leave by no export. */
const withoutContacts = (one: object): object => Object.fromEntries(Object.entries(one).filter(([key]) => key !== 'contacts'));

export const makeExport = ({ uses, registry, now, publicBaseUrl }: ExportParts): ExportUses => {
  const principalOf = async (partnerId: string): Promise<Principal | undefined> => {
    const record = (await registry.record(partnerId))?.value;
    return record && { kind: 'partner', caller: { apiKeyId: 'export' }, roles: ['Partner.Read'], partner: record.partner };
  };
  const ask = async (use: unknown, partnerId: string, asked: Asked): Promise<ListPage | AppError> => {
    const principal = await principalOf(partnerId);
    if (!principal) return { value: [] };
    const answer = await asList(use)({ query: {}, params: {}, ...asked, principal, wantsText: false });
    if (answer instanceof AppError) return answer;
    return { value: (answer.body?.value ?? []).map(withoutContacts), next: tokenIn(answer.body?.nextLink) };
  };
  const listed = (kind: string, use: unknown): ExportedList => ({
    kind,
    read: (partnerId, continuationToken) => ask(use, partnerId, { query: { continuationToken } }),
  });
  const ofRecord = (kind: string, pick: (record: NonNullable<Awaited<ReturnType<PartnerRegistry['record']>>>['value']) => object) => ({
    kind,
    read: async (partnerId: string): Promise<ListPage> => {
      const row = await registry.record(partnerId);
      return { value: row ? [pick(row.value)] : [] };
    },
  });
  const apiKeys: ExportedList = {
    kind: 'apiKey',
    read: async (partnerId) => {
      const page = await ask(uses.listApiKeys, partnerId, { params: { partnerId } });
      // One that was removed has none any more.
      return page instanceof AppError ? { value: [] } : page;
    },
  };
  /** Order by order, page by page of its items. */
  const orderItems: ExportedList = {
    kind: 'orderItem',
    read: async (partnerId, next) => {
      const [orders, items] = next === undefined ? [] : (JSON.parse(next) as (string | null)[]);
      const page = await ask(uses.listOrders, partnerId, { query: { maxpagesize: 1, continuationToken: orders ?? undefined } });
      if (page instanceof AppError) return page;
      const onwards = page.next === undefined ? undefined : JSON.stringify([page.next, null]);
      const orderId = (page.value[0] as { id: string } | undefined)?.id;
      if (orderId === undefined) return { value: [], next: onwards };
      const query = { maxpagesize: ITEMS_A_PAGE, continuationToken: items ?? undefined };
      const found = await ask(uses.listOrderItems, partnerId, { params: { orderId }, query });
      if (found instanceof AppError) return found;
      const more = found.next === undefined ? onwards : JSON.stringify([orders ?? null, found.next]);
      return { value: found.value.map((item) => ({ orderId, ...item })), next: more };
    },
  };
  const usage: ExportedList = {
    kind: 'usage',
    read: (partnerId) => {
      const from = new Date(now() - USAGE_DAYS * DAY_MS).toISOString().slice(0, 10);
      return ask(uses.getUsage, partnerId, { query: { from, partnerId } });
    },
  };
  return exportUses(
    makeExportPartner({
      isKnown: async (partnerId) => (await registry.record(partnerId)) !== undefined,
      publicBaseUrl,
      lists: [
        ofRecord('partner', ({ partner: { ranges: _, ...partner }, clients, createdAt, updatedAt, removedAt }) => {
          const removed = removedAt === undefined ? {} : { removedAt };
          return { ...partner, clients, createdAt, updatedAt, ...removed };
        }),
        ofRecord('numberRanges', ({ partner: { ranges } }) => ({ ranges })),
        apiKeys,
        listed('profile', uses.listProfiles),
        listed('customer', uses.listCustomers),
        listed('number', uses.listNumbers),
        listed('order', uses.listOrders),
        orderItems,
        listed('operation', uses.listOperations),
        listed('webhookSubscription', uses.listSubscriptions),
        listed('rfi', uses.listRfis),
        listed('auditEvent', uses.listAuditEvents),
        usage,
      ],
    }),
  );
};
