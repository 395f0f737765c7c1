/** A request -> what its contract says it holds, or the AppError that names what is wrong. */
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { checkApiVersion } from './api-version.ts';
import { idempotencyOf, type Contract, type RouteInput } from './contract.ts';
import { requestHash } from './fingerprint.ts';
import { DEFAULT_MAX_BODY_BYTES, isCsv, NOTHING_SENT, readCsv, readJson, type Sent } from './json-body.ts';
import { invalidRequest } from './problem-details.ts';
import { readQuery } from './query.ts';
import { prefersText, readIdempotencyKey } from './request-headers.ts';

export type ParsedRequest = Omit<RouteInput<Contract, unknown>, 'principal' | 'requestId'>;

/** A route without a body is often called with `{}` by generated clients. */
const noBody = z.strictObject({}).optional();

/** Throws AppError for the first part that is wrong (query names, version, Accept, path, query, key, body), with every problem of it. */
export const parseRequest = async (contract: Contract, request: HttpRequest): Promise<ParsedRequest> => {
  const { headers } = request;
  const csvQuery = contract.csv !== undefined && isCsv(request) ? contract.csv : undefined;
  const query = readQuery(request.url, Object.keys((csvQuery ?? contract.query)?.shape ?? {}));
  checkApiVersion(query['api-version']);
  const wantsText = prefersText(headers.get('accept'), contract.produces);
  const { 'api-version': _version, ...asked } = query;
  const params = check('path', contract.params, { ...request.params });
  const checkedQuery = check('query', csvQuery ?? contract.query, asked);
  const keyHeaders = {
    idempotencyKey: headers.get('idempotency-key'),
    repeatabilityId: headers.get('repeatability-request-id'),
    repeatabilityFirstSent: headers.get('repeatability-first-sent'),
  };
  const idempotencyKey = readIdempotencyKey(keyHeaders, idempotencyOf(contract));
  const sent = csvQuery ? await readCsv(request, maxBytesOf(contract)) : await readBody(contract, request);
  const body = csvQuery ? undefined : check('body', contract.body ?? noBody, sent.value);
  return {
    params,
    query: checkedQuery,
    csv: csvQuery && { text: sent.value, options: checkedQuery },
    body: contract.body === undefined ? undefined : body,
    idempotencyKey,
    requestHash: requestHash(asked, sent.digest),
    wantsText,
    ifMatch: headers.get('if-match') ?? undefined,
    ifNoneMatch: headers.get('if-none-match') ?? undefined,
  } as ParsedRequest;
};

const maxBytesOf = ({ maxBodyBytes }: Contract): number => maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;

const readBody = (contract: Contract, request: HttpRequest): Promise<Sent> => {
  const { method, body, csv } = contract;
  const takesBody = method !== 'GET' && method !== 'DELETE';
  if (!takesBody) return Promise.resolve(NOTHING_SENT);
  return readJson(request, body !== undefined, maxBytesOf(contract), csv && 'text/csv');
};

const check = (part: 'body' | 'query' | 'path', schema: z.ZodType | undefined, value: unknown): unknown => {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(part, result.error, value);
};
