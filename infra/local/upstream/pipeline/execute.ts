/** Runs one authorised operation: api-version, body, repeatability, then the operation itself. */
import { createHash } from 'node:crypto';
import { badRequest, checked, refused, type Answer, type Checked } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { PathParams } from '../http/match-route.ts';
import { ROUTES, type OperationId, type Route } from '../http/routes.ts';
import { HANDLERS } from '../operations/handlers.ts';
import { checkRepeatability, isExecution, type RepeatabilityMemory } from '../protocol/repeatability.ts';
import { accountNameSchema } from '../resources/account-schema.ts';
import { telephoneNumberSchema } from '../resources/number-schema.ts';
import { settle } from '../sync/settle.ts';
import type { World } from '../world.ts';

/** The only member of the specification's version enum, and the spelling of the published prose. */
const OFFICIAL_VERSION = '2024-02-29-preview';
const PROSE_VERSION = '2024-02-29';

export type Execution = { world: World; memory: RepeatabilityMemory; incoming: Incoming; operation: OperationId; params: PathParams };

const checkVersion = (query: URLSearchParams, strict: boolean): Checked<undefined> => {
  const version = query.get('api-version');
  if (!version) return refused(400, 'MissingApiVersionParameter', 'The api-version query parameter is required.', 'api-version');
  if (version === OFFICIAL_VERSION || (!strict && version === PROSE_VERSION)) return checked(undefined);
  return refused(400, 'UnsupportedApiVersionValue', `Supported: ${OFFICIAL_VERSION}.`, 'api-version');
};

const checkParams = ({ accountName, telephoneNumber }: PathParams): Checked<undefined> => {
  if (accountName !== undefined && !accountNameSchema.safeParse(accountName).success) {
    return badRequest('The account name is not valid.', 'accountName');
  }
  if (telephoneNumber !== undefined && !telephoneNumberSchema.safeParse(telephoneNumber).success) {
    return badRequest('The telephone number is not valid.', 'telephoneNumber');
  }
  return checked(undefined);
};

const parseBody = (incoming: Incoming, route: Route): Checked<unknown> => {
  const type = incoming.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (incoming.body.length === 0) return checked(undefined);
  // PATCH judges its own media type.
  if (route.method !== 'PATCH' && type !== undefined && type !== 'application/json') {
    return refused(415, 'UnsupportedMediaType', 'Send application/json.', 'Content-Type');
  }
  try {
    return checked(JSON.parse(incoming.body.toString('utf8')) as unknown);
  } catch {
    return badRequest('The body is not JSON.');
  }
};

const fingerprintOf = ({ incoming, operation }: Execution): string =>
  createHash('sha256').update(`${operation} ${incoming.path}?${incoming.query.toString()}\n`).update(incoming.body).digest('base64url');

const run = ({ world, incoming, operation, params }: Execution, body: unknown, repeatabilityRequestId: string | undefined): Answer =>
  HANDLERS[operation](world, {
    operation,
    method: incoming.method,
    params,
    query: incoming.query,
    headers: incoming.headers,
    body,
    url: incoming.origin + incoming.path,
    repeatabilityRequestId,
  });

const accepted = (answer: Answer): Answer => ({ ...answer, headers: { ...answer.headers, 'Repeatability-Result': 'accepted' } });

/** What is kept of an answer: its text, not the objects it was made of. */
const toStored = ({ status, headers, body }: Answer): Answer => ({
  status,
  headers,
  ...(body === undefined ? {} : { text: JSON.stringify(body) }),
});

const runOnce = (execution: Execution, body: unknown): Answer => {
  const { world, memory, incoming } = execution;
  const fingerprint = fingerprintOf(execution);
  const nowMs = world.now();
  const decision = checkRepeatability({ headers: incoming.headers, fingerprint, memory, nowMs, settings: world.settings });
  if (decision.kind === 'answer') return decision.answer;
  if (decision.kind === 'none') return run(execution, body, undefined);
  const answer = run(execution, body, decision.id);
  if (!isExecution(answer)) return answer;
  const stored = toStored(accepted(answer));
  memory.keep(decision.id, { firstSent: decision.firstSent, fingerprint, atMs: nowMs, answer: stored });
  return stored;
};

/** Executes at most once; the world is brought up to date first. */
export const execute = (execution: Execution): Answer => {
  const { world, incoming, operation, params } = execution;
  const route = ROUTES[operation];
  settle(world);
  const version = checkVersion(incoming.query, world.settings.strictApiVersion);
  if (!version.ok) return version.answer;
  const valid = checkParams(params);
  if (!valid.ok) return valid.answer;
  const body = parseBody(incoming, route);
  if (!body.ok) return body.answer;
  return route.repeatable ? runOnce(execution, body.value) : run(execution, body.value, undefined);
};
