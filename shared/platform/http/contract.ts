/** Pure: a route as data: what comes in, who may, what goes out; and the shape of the use case behind it, derived from that. */
import type { z } from 'zod';
import type { AppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

export type SuccessStatus = 200 | 201 | 202 | 204;

/** The answers that are no errors, by status. `z.undefined()` stands for no body. */
export type Answers = { readonly [S in SuccessStatus]?: z.ZodType };

/** A request that works for a caller who may, and what it answers. Values of the path are in one table for all routes. */
export type RouteExample = {
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** The same as CSV. */
  csv?: string;
  /** The body of the success; absent where there is none, or where it says itself what it is (a page, the document). */
  answer?: unknown;
};

export type Contract<Role extends string = string> = {
  /** Unique, such as `putCustomer`; the operation id of the API document. */
  name: string;
  method: Method;
  /** Below `/api/`, such as `number-orders/{orderId}`. */
  path: string;
  /** The role that opens the route; `any` for every known caller, `anonymous` for everybody. */
  role: Role | 'any' | 'anonymous';
  /** One property for each `{parameter}` of the path. */
  params?: z.ZodObject;
  /** Whatever it does not name is refused. Values are texts. */
  query?: z.ZodObject;
  /** JSON. Without it the request must have no body, or `{}`. */
  body?: z.ZodType;
  /** The same as the API document shows it, where `body` checks by hand what is hot. */
  documentedBody?: () => z.ZodType;
  /** The query parameters that come with a body in CSV, for routes that take one instead of JSON; then `body` is undefined. */
  csv?: z.ZodObject;
  success: Answers;
  /** Whether the route knows the Idempotency-Key header, and whether it insists; every POST that changes something knows it. */
  idempotency?: 'optional' | 'required';
  /** A POST that changes nothing, so that repeating it does no harm. */
  changesNothing?: true;
  /** The use case itself binds the key to what it makes; otherwise the answer is kept and a repeat is given it. */
  bindsKey?: true;
  /** Members of the answer's body that are told once: a repeat is not told them. */
  secrets?: readonly string[];
  /** Default: 256 KiB. */
  maxBodyBytes?: number;
  /** One short line for the API document; without it the document spells the name. */
  summary?: string;
  /** What a caller should know beyond the summary. */
  description?: string;
  /** `false`: changes nothing, so that no record is kept of it. A GET never has one. */
  audit?: false;
  /** Codes beside those that follow from the rest of the contract. */
  errors?: readonly ErrorCode[];
  /** A GET whose answer has an ETag and which knows 304. */
  conditional?: boolean;
  /** Media type of an answer that is no JSON. */
  produces?: 'text/html' | 'text/csv' | 'application/x-ndjson';
  /** Shown in the API document, and carried out by the tests as it stands. Every route has it, if only as `{}`. */
  examples?: RouteExample;
};

/** What the route makes of the Idempotency-Key header. */
export const idempotencyOf = ({ method, idempotency, changesNothing }: Contract): Contract['idempotency'] =>
  idempotency ?? (method === 'POST' && changesNothing !== true ? 'optional' : undefined);

/** Gives `contract` its exact type; checks nothing at run time. */
export const defineRoute = <const C extends Contract>(contract: C): C => contract;

type Out<C, K extends keyof Contract> = C extends Readonly<Record<K, infer S extends z.ZodType>> ? z.output<S> : undefined;

/** What a use case is given: everything checked already. */
export type RouteInput<C extends Contract, P> = {
  principal: C['role'] extends 'anonymous' ? undefined : P;
  params: Out<C, 'params'>;
  query: Out<C, 'query'>;
  body: C extends { csv: z.ZodObject } ? Out<C, 'body'> | undefined : Out<C, 'body'>;
  /** A body in CSV as it was sent, and what came with it in the query. */
  csv: C extends { csv: infer S extends z.ZodType } ? { text: string; options: z.output<S> } | undefined : undefined;
  idempotencyKey: C extends { idempotency: 'required' } ? string : string | undefined;
  /** SHA-256 (hex) of the canonical query and body: equal for requests that say the same. */
  requestHash: string;
  requestId: string;
  /** Whether the caller prefers what the contract `produces` to JSON. */
  wantsText: boolean;
  /** As sent; see `etag.ts` for comparing. */
  ifMatch: string | undefined;
  ifNoneMatch: string | undefined;
};

type BodyOf<S> = S extends z.ZodType ? (undefined extends z.input<S> ? { body?: z.input<S> } : { body: z.input<S> }) : never;

type Extras = {
  /** Sent instead of the body, in the contract's own media type. */
  text?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Strong and quoted; a GET whose If-None-Match names it is answered 304. */
  etag?: string | undefined;
};

type SuccessOf<S> = { [K in keyof S]: { status: K } & BodyOf<S[K]> & Extras }[keyof S];

/** The status may be left out where the contract has one success. */
type OnlySuccessOf<S> = { [K in keyof S]: [keyof S] extends [K] ? { status?: undefined } & BodyOf<S[K]> & Extras : never }[keyof S];

/** What a use case answers: one of the contract's successes, or an error. */
export type RouteAnswer<C extends Contract> = SuccessOf<C['success']> | OnlySuccessOf<C['success']> | AppError;

export type UseCase<C extends Contract, P> = (input: RouteInput<C, P>) => RouteAnswer<C> | Promise<RouteAnswer<C>>;
