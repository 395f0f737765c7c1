/** GET /openapi.json and GET /docs: what this API is, for programs and for people. */
import { z } from 'zod';
import { docsPage, DOCS_POLICY } from '../../shared/platform/http/docs/page.ts';
import { defineRoute, type Contract, type UseCase } from '../../shared/platform/http/contract.ts';
import { toDocument } from '../../shared/platform/http/openapi/document.ts';
import type { Json } from '../../shared/platform/http/openapi/json-schema.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { PATH_VALUES } from './path-values.ts';

export const getOpenApi = defineRoute({
  name: 'getOpenApi',
  method: 'GET',
  path: 'openapi.json',
  role: 'anonymous',
  summary: 'This API as an OpenAPI 3.1 document',
  examples: {},
  success: { 200: z.record(z.string(), z.unknown()) },
});

export const getDocs = defineRoute({
  name: 'getDocs',
  method: 'GET',
  path: 'docs',
  role: 'anonymous',
  summary: 'This API as a page for people',
  produces: 'text/html',
  examples: {},
  success: { 200: z.string() },
});

const TITLE = 'Number provisioning API';
const DESCRIPTION =
  'Onboard customers, order and release telephone numbers by the ten thousand, answer requests for information, and hear of every change by signed webhook. Orders are accepted at once and carried out in the background: follow Operation-Location or subscribe to webhooks.';

const TAGS: Readonly<Record<string, string>> = {
  health: 'Whether this service runs.',
  'openapi.json': 'This document.',
  docs: 'This document as a page.',
  me: 'Who you are to this API.',
  customers: 'Your customers and their services.',
  profiles: 'Named settings of numbers.',
  'number-orders': 'Orders over up to 10,000 numbers.',
  numbers: 'Your numbers.',
  operations: 'Changes that are no orders.',
  'webhook-subscriptions': 'Where your events go.',
  'event-types': 'What events there are.',
  events: 'Your events, in order.',
  rfis: 'Requests for information.',
  operator: 'For the operator of this service.',
  'audit-events': 'Who changed what.',
};

export type MetaUses = { getOpenApi: UseCase<typeof getOpenApi, Principal>; getDocs: UseCase<typeof getDocs, Principal> };

const CACHED = { 'Cache-Control': 'public, max-age=300' };

/** `contracts` are all routes, known once the table is made; document and page are made at the first request. */
export const metaUses = (contracts: () => readonly Contract[], publicBaseUrl: string): MetaUses => {
  let made: Json | undefined;
  let page: string | undefined;
  const document = (): Json =>
    (made ??= toDocument(contracts(), { title: TITLE, description: DESCRIPTION, publicBaseUrl, tags: TAGS, pathValues: PATH_VALUES }));
  return {
    getOpenApi: () => ({ body: document(), headers: CACHED }),
    getDocs: () => ({ body: '', text: (page ??= docsPage(document())), headers: { ...CACHED, 'Content-Security-Policy': DOCS_POLICY } }),
  };
};
