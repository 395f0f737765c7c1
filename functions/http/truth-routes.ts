/** Rows of the route table: what the gateway holds, and taking it over. */
import type { Principal, Role } from '../../shared/partners/model.ts';
import type { Endpoint, Route } from '../../shared/platform/http/endpoint.ts';
import { adoptAccount, getAdoption, listAdoptionFindings, type AdoptionUses } from './operator-adoptions.ts';
import { listUpstreamAccounts, listUpstreamNumbers, type UpstreamListUses } from './operator-upstream.ts';

export type AllTruthUses = UpstreamListUses & AdoptionUses;

export const truthRoutes = (route: Endpoint<Principal, Role>, use: AllTruthUses): Route[] => [
  route(listUpstreamAccounts, use.listUpstreamAccounts),
  route(listUpstreamNumbers, use.listUpstreamNumbers),
  route(adoptAccount, use.adoptAccount),
  route(getAdoption, use.getAdoption),
  route(listAdoptionFindings, use.listAdoptionFindings),
];
