/** One request of the fuzzer: an example of the document with something wrong about it. */
import type { Contract } from '../../../../shared/platform/http/contract.ts';
import { callerOf, pathWith } from '../example-requests.ts';
import type { CallerName } from '../stage.ts';
import { below, pick, randomFrom, type Random } from './chance.ts';
import { AUTHORIZATIONS, HEADERS, QUERIES, SEGMENTS, VALUES } from './hostile.ts';
import { mutateBody } from './mutate-body.ts';

export type FuzzRequest = {
  method: string;
  /** With its query, below `/api/`, encoded as it goes over the wire. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | undefined;
  /** Whose token goes with it; undefined where `headers` say otherwise, or nothing. */
  as: CallerName | undefined;
  /** What was done, for whoever reads a failure. */
  what: string[];
  /** No server may take it: for its body, which the next mutation replaces, or for anything else. */
  mustFail: boolean;
  hasBadBody: boolean;
};

type Values = Readonly<Record<string, string>>;
type Change = (random: Random, request: FuzzRequest, contract: Contract, values: Values) => FuzzRequest;

const told = (request: FuzzRequest, what: string, change: Partial<FuzzRequest>): FuzzRequest => ({
  ...request,
  ...change,
  what: [...request.what, what],
});

const plainText = (value: unknown): string => encodeURIComponent(typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value));
const withQuery = (path: string, query: string): string => `${path}${path.includes('?') ? '&' : '?'}${query}`;

const body: Change = (random, request, contract) => {
  if (contract.method === 'GET' || contract.method === 'DELETE') return header(random, request, contract, {});
  const mutated = mutateBody(random, contract.examples?.body ?? {});
  const headers = { 'content-type': 'application/json', ...request.headers };
  return told(request, `body: ${mutated.what}`, { body: mutated.body, headers, hasBadBody: mutated.mustFail });
};
const header: Change = (random, request) => {
  const [name, value] = pick(random, HEADERS);
  return told(request, `${name}: ${value.slice(0, 60)}`, { headers: { ...request.headers, [name]: value } });
};
const authorization: Change = (random, request, { role }) => {
  const value = pick(random, AUTHORIZATIONS);
  const headers = { ...request.headers, ...(value === '' ? {} : { authorization: value }) };
  return told(request, `authorization: ${value.slice(0, 40)}`, { headers, as: undefined, mustFail: role !== 'anonymous' });
};
const query: Change = (random, request) => {
  const text = pick(random, QUERIES);
  return told(request, `?${text.slice(0, 60)}`, { path: withQuery(request.path, text), mustFail: true });
};
const knownQuery: Change = (random, request, contract, values) => {
  const names = Object.keys(contract.query?.shape ?? {});
  if (names.length === 0) return query(random, request, contract, values);
  const name = pick(random, names);
  const text = `${name}=${plainText(pick(random, VALUES))}`;
  const [path = '', asked = ''] = request.path.split('?');
  const others = asked.split('&').filter((part) => part !== '' && !part.startsWith(`${name}=`));
  return told(request, `?${text.slice(0, 60)}`, { path: withQuery(path, [...others, text].join('&')) });
};
const pathValue: Change = (random, request, contract, values) => {
  const names = Object.keys(contract.params?.shape ?? {});
  if (names.length === 0) return knownQuery(random, request, contract, values);
  const [name, segment] = [pick(random, names), pick(random, SEGMENTS)];
  const [, asked] = request.path.split('?');
  const path = pathWith(contract, { ...values, [name]: segment });
  return told(request, `{${name}}: ${segment.slice(0, 60)}`, { path: asked === undefined ? path : withQuery(path, asked) });
};
const method: Change = (random, request) => {
  const other = pick(random, ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS']);
  const takesBody = other !== 'GET' && other !== 'HEAD';
  return told(request, `method ${other}`, { method: other, body: takesBody ? request.body : undefined });
};
const otherCaller: Change = (random, request) =>
  request.as === undefined ? request : told(request, 'another caller', { as: pick(random, ['globex', 'operator', 'acme'] as const) });

const CHANGES: readonly Change[] = [
  body,
  body,
  body,
  body,
  body,
  header,
  header,
  authorization,
  query,
  knownQuery,
  knownQuery,
  pathValue,
  pathValue,
  method,
  otherCaller,
];
const MAX_CHANGES = 3;

/** The request of `seed`: always the same for the same contract and values. */
export const fuzzRequest = (seed: number, contract: Contract, values: Values): FuzzRequest => {
  const random = randomFrom(seed);
  const { examples = {}, role } = contract;
  const asked = new URLSearchParams(examples.query).toString();
  const path = pathWith(contract, values);
  const start: FuzzRequest = {
    method: contract.method,
    path: asked === '' ? path : `${path}?${asked}`,
    headers: { ...(examples.body === undefined ? {} : { 'content-type': 'application/json' }), ...examples.headers },
    body: examples.body === undefined ? undefined : JSON.stringify(examples.body),
    as: role === 'anonymous' ? undefined : callerOf(contract, 'acme'),
    what: [contract.name],
    mustFail: false,
    hasBadBody: false,
  };
  const request = Array.from({ length: 1 + below(random, MAX_CHANGES) }).reduce<FuzzRequest>(
    (before) => pick(random, CHANGES)(random, before, contract, values),
    start,
  );
  // What must fail here may be right elsewhere: for another method, or as CSV.
  const isElsewhere = request.method !== contract.method || request.headers['content-type'] === 'text/csv';
  return { ...request, mustFail: !isElsewhere && (request.mustFail || request.hasBadBody) };
};
