/** A request -> what its contract says it holds, or the AppError that names what is wrong. */
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { checkApiVersion } from './api-version.ts';
import { requestHash } from './canonical-json.ts';
import { idempotencyOf, type Contract, type RouteInput } from './contract.ts';
import { DEFAULT_MAX_BODY_BYTES, readJson } from './json-body.ts';
import { invalidRequest } from './problem-details.ts';
import { readQuery } from './query.ts';
import { prefersText, readIdempotencyKey } from './request-headers.ts';

export type ParsedRequest = Omit<RouteInput<Contract, unknown>, 'principal' | 'requestId'>;

/** A route without a body is often called with `{}` by generated clients. */
const noBody = z.strictObject({}).optional();

export const parseRequest = async (contract: Contract, request: HttpRequest): Promise<ParsedRequest> => {
  const { headers } = request;
  const query = readQuery(request.url, Object.keys(contract.query?.shape ?? {}));
  checkApiVersion(query['api-version']);
  const wantsText = prefersText(headers.get('accept'), contract.produces);
  const { 'api-version': _version, ...asked } = query;
  const params = check('path', contract.params, { ...request.params });
  const checkedQuery = check('query', contract.query, asked);
  const keyHeaders = {
    idempotencyKey: headers.get('idempotency-key'),
    repeatabilityId: headers.get('repeatability-request-id'),
    repeatabilityFirstSent: headers.get('repeatability-first-sent'),
  };
  const idempotencyKey = readIdempotencyKey(keyHeaders, idempotencyOf(contract));
  const sent = await readBody(contract, request);
  const body = check('body', contract.body ?? noBody, sent);
  return {
    params,
    query: checkedQuery,
    body: contract.body === undefined ? undefined : body,
    idempotencyKey,
    requestHash: requestHash(asked, sent),
    wantsText,
    ifMatch: headers.get('if-match') ?? undefined,
    ifNoneMatch: headers.get('if-none-match') ?? undefined,
  } as ParsedRequest;
};

const readBody = ({ method, body, maxBodyBytes }: Contract, request: HttpRequest): Promise<unknown> => {
  const takesBody = method !== 'GET' && method !== 'DELETE';
  if (!takesBody) return Promise.resolve(undefined);
  return readJson(request, body !== undefined, maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
};

const check = (part: 'body' | 'query' | 'path', schema: z.ZodType | undefined, value: unknown): unknown => {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(part, result.error, value);
};
