/** Contract + use case -> HTTP handler: who calls, what was asked, call, answer, and what becomes of everything that goes wrong. */
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { AppError } from '../errors/app-error.ts';
import type { NewId } from '../ids/new-id.ts';
import { errorFields, structuredLog, type Log } from '../telemetry/log.ts';
import type { Answers, Contract, RouteInput, SuccessStatus, UseCase } from './contract.ts';
import { namesEtag } from './etag.ts';
import { parseRequest } from './parse.ts';
import type { RunOnce } from './repeats.ts';
import { readClientRequestId } from './request-headers.ts';
import { rateHeaders, type Rate } from './request-rate.ts';
import { toErrorResponse, toResponse, type Answer, type RequestIds } from './respond.ts';

export type HttpHandler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/** A contract with what serves it: one row of the route table. */
export type Route = { contract: Contract; handler: HttpHandler };

export type EndpointEffects<P, R extends string> = {
  /** The caller by its Authorization header, allowed to use a route of this role. Throws AppError. */
  admit: (authorization: string | undefined, role: R | 'any') => Promise<P>;
  nowMs: () => number;
  newId: NewId;
  /** Counts the caller's request; undefined for callers without a limit. Without it nobody has one. */
  countRequest?: (principal: P) => Rate | undefined;
  /** Carries out requests with an Idempotency-Key once. Without it every request is carried out. */
  repeats?: { ownerOf: (principal: P) => string; runOnce: RunOnce };
};

/** `R` holds the roles there are: a contract that needs another one is a compile error. */
export type Endpoint<P, R extends string> = <const C extends Contract<R>>(contract: C, useCase: UseCase<C, P>) => Route;

/** What any use case answers, once its exact type no longer matters. */
type LooseAnswer = {
  status?: SuccessStatus;
  body?: unknown;
  text?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  etag?: string | undefined;
};
type LooseUseCase = (input: unknown) => LooseAnswer | AppError | Promise<LooseAnswer | AppError>;

const KEY_ERRORS: readonly string[] = ['InvalidIdempotencyKey', 'IdempotencyKeyReused', 'IdempotencyKeyInUse'];

export const makeEndpoint =
  <P, R extends string>(effects: EndpointEffects<P, R>): Endpoint<P, R> =>
  (contract, useCase) => ({
    contract,
    // The contract's own types hold at the call site; from here on, its schemas do the checking.
    handler: (request, context) => serve(effects, contract, useCase as unknown as LooseUseCase, request, context),
  });

const serve = async <P, R extends string>(
  effects: EndpointEffects<P, R>,
  contract: Contract<R>,
  useCase: LooseUseCase,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> => {
  const startedMs = effects.nowMs();
  const ids = { requestId: effects.newId(), clientRequestId: readClientRequestId(request.headers.get('x-ms-client-request-id')) };
  const log = structuredLog(context, { ...ids, route: contract.path, method: request.method });
  const toError = (thrown: unknown): AppError => toPublic(thrown, log);
  const entered = await enter(effects, contract, request).catch(toError);
  const outcome = entered instanceof AppError ? entered : await attempt(effects, contract, useCase, request, ids, entered).catch(toError);
  const response = outcome instanceof AppError ? toErrorResponse(ids, outcome) : toResponse(ids, outcome);
  const code = outcome instanceof AppError ? outcome.code : undefined;
  log('info', 'answered', { status: response.status, code, durationMs: effects.nowMs() - startedMs });
  const rate = entered instanceof AppError || !entered.rate ? {} : rateHeaders(entered.rate);
  return { ...response, headers: { ...response.headers, ...rate, ...repeatability(request, outcome) } };
};

type Entered<P> = { principal: P | undefined; rate: Rate | undefined };

/** The caller, and how many requests it has made. Throws AppError. */
const enter = async <P, R extends string>(
  { admit, countRequest }: EndpointEffects<P, R>,
  { role }: Contract<R>,
  request: HttpRequest,
): Promise<Entered<P>> => {
  if (role === 'anonymous') return { principal: undefined, rate: undefined };
  const principal = await admit(request.headers.get('authorization') ?? undefined, role);
  return { principal, rate: countRequest?.(principal) };
};

/** What callers that use the headers of OASIS Repeatable Requests are told of the repeat. */
const repeatability = (request: HttpRequest, outcome: Answer | AppError): Record<string, string> => {
  if (request.method !== 'POST' || !request.headers.has('repeatability-request-id')) return {};
  const isRefused = outcome instanceof AppError && KEY_ERRORS.includes(outcome.code);
  return { 'Repeatability-Result': isRefused ? 'rejected' : 'accepted' };
};

/** What the caller may know of what was thrown; the rest goes to the log alone. */
const toPublic = (thrown: unknown, log: Log): AppError => {
  const error = thrown instanceof AppError ? thrown : new AppError('InternalError');
  if (error.httpStatus >= 500) log('error', 'failed', errorFields(thrown));
  return error;
};

const attempt = async <P, R extends string>(
  { repeats }: EndpointEffects<P, R>,
  contract: Contract<R>,
  useCase: LooseUseCase,
  request: HttpRequest,
  ids: RequestIds,
  { principal, rate }: Entered<P>,
): Promise<Answer | AppError> => {
  if (rate?.isOver) return new AppError('TooManyRequests', { retryAfterS: rate.resetS });
  const parsed = await parseRequest(contract, request);
  const input: RouteInput<Contract, P | undefined> = { principal, ...parsed, requestId: ids.requestId };
  const work = async (): Promise<Answer | AppError> => {
    const answer = await useCase(input);
    return answer instanceof AppError ? answer : toAnswer(contract, answer, input.ifNoneMatch);
  };
  const { idempotencyKey: key, requestHash } = parsed;
  if (key === undefined || repeats === undefined || principal === undefined || contract.bindsKey) return work();
  const scope = { owner: repeats.ownerOf(principal), method: contract.method, path: pathOf(contract, request), key };
  return repeats.runOnce({ scope, requestHash, secrets: contract.secrets ?? [] }, work);
};

/** The path as it was asked for, below `/api/`. */
const pathOf = ({ path }: Contract, { params }: HttpRequest): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));

/** Only what the contract promises leaves: the body is parsed by the success schema. */
const toAnswer = ({ method, success, produces }: Contract, answer: LooseAnswer, ifNoneMatch: string | undefined): Answer => {
  const { etag, text } = answer;
  const headers = { ...answer.headers, ...(etag === undefined ? {} : { ETag: etag }) };
  if (method === 'GET' && etag !== undefined && ifNoneMatch !== undefined && namesEtag(ifNoneMatch, etag)) return { status: 304, headers };
  const status = answer.status ?? onlyStatusOf(success);
  const schema = success[status];
  if (schema === undefined) throw new Error(`The contract knows no status ${status}.`);
  if (text !== undefined && produces === undefined) throw new Error('The contract knows no answer in text.');
  if (text !== undefined && produces !== undefined) return { status, headers, text: { type: produces, content: text } };
  return { status, headers, body: schema.parse(answer.body) };
};

const onlyStatusOf = (success: Answers): SuccessStatus => {
  const [only, ...others] = Object.keys(success);
  if (only === undefined || others.length > 0) throw new Error('The answer must name its status.');
  return Number(only) as SuccessStatus;
};
