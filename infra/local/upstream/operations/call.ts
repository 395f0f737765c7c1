/** What an operation is given, and the checks that several operations share. */
import type { IncomingHttpHeaders } from 'node:http';
import { checked, errorAnswer, refused, badRequest, type Answer, type Checked } from '../http/answer.ts';
import type { PathParams } from '../http/match-route.ts';
import type { OperationId } from '../http/routes.ts';
import { checkPreconditions, type Version } from '../protocol/preconditions.ts';
import type { Settings } from '../settings.ts';
import type { World } from '../world.ts';

export type Call = {
  operation: OperationId;
  method: string;
  params: PathParams;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined when there was none. */
  body: unknown;
  /** Absolute URL without query, in the address the caller used: the base of a nextLink. */
  url: string;
  repeatabilityRequestId: string | undefined;
};

export type Handle = (world: World, call: Call) => Answer;

/** 412, 304 or 400 when a precondition stops the call; `current` is undefined when the resource is absent. */
export const guard = (world: World, call: Call, current: Version | undefined): Checked<undefined> => {
  const decision = checkPreconditions(call.method, call.headers, current);
  if (decision.kind === 'proceed') return checked(undefined);
  if (decision.kind === 'notModified') {
    return { ok: false, answer: { status: 304, headers: current ? etagHeader(current, world.settings.etagStyle) : {} } };
  }
  if (decision.kind === 'invalid') return badRequest(`${decision.header} is not a date.`, decision.header);
  return refused(412, 'ConditionNotMet', `The condition of ${decision.header} is not met.`, decision.header);
};

export const etagHeader = (version: Version, style: Settings['etagStyle']): Record<string, string> => ({
  ETag: style === 'quoted' ? `"${version.etag}"` : version.etag,
});

/** One resource with its ETag. */
export const resourceAnswer = (world: World, status: number, version: Version, body: unknown): Answer => ({
  status,
  headers: etagHeader(version, world.settings.etagStyle),
  body,
});

export const noContent = (): Answer => ({ status: 204, headers: {} });

export const absent = (what: string): Answer => errorAnswer(404, { code: 'NotFound', message: `${what} does not exist.` });

/** The next version of any resource written now. */
export const newVersion = (world: World): Version => ({ etag: world.store.nextEtag(), modifiedMs: world.now() });
