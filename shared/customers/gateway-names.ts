/** Pure: the names that the gateway's own domain gives a customer's Direct Routing, and whether Microsoft 365 can verify them. */
import { AppError } from '../platform/errors/app-error.ts';
import type { CustomerBody } from './model.ts';

/** One for each region of a production gateway (azure-docs, "Support for Teams Direct Routing with the Provisioning API"). */
const REGIONS = ['1r1', '1r2'];
/** Microsoft 365 verifies no longer domain (same page). */
const MAX_DOMAIN_CHARS = 48;

/** `baseDomain`: the gateway's own, such as `abcd.commsgw.azure.com`. */
export const domainsOf = (subdomain: string, baseDomain: string): string[] =>
  REGIONS.map((region) => `${subdomain}.${region}.${baseDomain}`);

/** InvalidRequest where the whole name would be too long; without a base domain nobody knows. `target`: the pointer to the subdomain. */
export const domainProblem = (subdomain: string | undefined, baseDomain: string | undefined, target: string): AppError | undefined => {
  if (subdomain === undefined || baseDomain === undefined) return undefined;
  const longest = Math.max(...domainsOf(subdomain, baseDomain).map((name) => name.length));
  if (longest <= MAX_DOMAIN_CHARS) return undefined;
  const message = `With the domain of the gateway the name would have ${longest} characters; ${MAX_DOMAIN_CHARS} can be verified.`;
  return new AppError('InvalidRequest', {
    message: '1 problem in the request.',
    target: 'body',
    details: [{ code: 'TooLarge', message, target }],
  });
};

/** The customer with the names of its subdomain. They follow from a setting, so the ETag leaves them out. */
export const withDomains = (body: CustomerBody, baseDomain: string | undefined): CustomerBody => {
  const { teamsDirectRouting } = body.services;
  const { subdomain, dns } = teamsDirectRouting ?? {};
  if (!teamsDirectRouting || !dns || subdomain === undefined || baseDomain === undefined) return body;
  const named = { ...teamsDirectRouting, dns: { ...dns, domains: domainsOf(subdomain, baseDomain) } };
  return { ...body, services: { ...body.services, teamsDirectRouting: named } };
};
