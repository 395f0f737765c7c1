/** The sample credentials as `stack.json` lists them: pure. */
import type { StackFacts } from './facts.ts';
import { API_AUDIENCE, callers, OPERATOR, UPSTREAM_AUDIENCE, UPSTREAM_CLIENT, type Caller } from './identities.ts';

/** One operator and two partners for this API, and this API's own for upstream. */
export const credentials = (issuerUrl: string): StackFacts['credentials'] => {
  const toCredential = ({ id, tenantId, clientId, clientSecret, roles }: Omit<Caller, 'name' | 'numberRanges'>, audience: string) => ({
    id,
    tenantId,
    clientId,
    clientSecret,
    scope: `${audience}/.default`,
    authorityHost: issuerUrl,
    tokenUrl: `${issuerUrl}/${tenantId}/oauth2/v2.0/token`,
    roles,
  });
  return {
    operator: toCredential(OPERATOR, API_AUDIENCE),
    partners: callers()
      .filter((caller) => caller !== OPERATOR)
      .map((caller) => toCredential(caller, API_AUDIENCE)),
    upstream: toCredential(
      { ...UPSTREAM_CLIENT, id: 'upstream', roles: UPSTREAM_CLIENT.roles[UPSTREAM_AUDIENCE] ?? [] },
      UPSTREAM_AUDIENCE,
    ),
  };
};
