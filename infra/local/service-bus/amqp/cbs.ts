/** The token node: a client shows here, per entity, that it may use it. */
import { JWT_TYPE, SAS_TYPE, type Authenticate, type Grants } from './authorization.ts';
import { unauthorized } from './conditions.ts';
import type { Request, Response } from './requests.ts';

/** Answers 202 and remembers the grant, or 401 with the reason. */
export const putToken = async (request: Request, authenticate: Authenticate, grants: Grants): Promise<Response> => {
  const { operation, type, name } = request.properties;
  if (operation !== 'put-token' || typeof name !== 'string' || typeof request.body !== 'string')
    return respond(400, 'Only put-token is known here.');
  if (type !== SAS_TYPE && type !== JWT_TYPE) return respond(400, `Tokens of type ${String(type)} are not known here.`);
  const judgement = await authenticate({ type, token: request.body, audience: name });
  if (judgement.kind === 'refused') return respond(401, judgement.why);
  grants.add(name, judgement.expiresAtMs);
  return respond(202, 'Accepted');
};

const respond = (statusCode: number, description: string): Response => ({
  properties: {
    'status-code': statusCode,
    'status-description': description,
    ...(statusCode === 401 ? { 'error-condition': unauthorized('').condition } : {}),
  },
});
