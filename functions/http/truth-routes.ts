/** Rows of the route table: what the gateway holds, taking it over, and comparing it with what is stored here. */
import type { Principal, Role } from '../../shared/partners/model.ts';
import type { Endpoint, Route } from '../../shared/platform/http/endpoint.ts';
import { adoptAccount, getAdoption, listAdoptionFindings, type AdoptionUses } from './operator-adoptions.ts';
import { acceptDrift, getReconcile, listDrift, reapplyDrift, startReconcile, type ReconcileUses } from './operator-reconcile.ts';
import { listUpstreamAccounts, listUpstreamNumbers, type UpstreamListUses } from './operator-upstream.ts';

export type AllTruthUses = UpstreamListUses & AdoptionUses & ReconcileUses;

export const truthRoutes = (route: Endpoint<Principal, Role>, use: AllTruthUses): Route[] => [
  route(listUpstreamAccounts, use.listUpstreamAccounts),
  route(listUpstreamNumbers, use.listUpstreamNumbers),
  route(adoptAccount, use.adoptAccount),
  route(getAdoption, use.getAdoption),
  route(listAdoptionFindings, use.listAdoptionFindings),
  route(startReconcile, use.startReconcile),
  route(getReconcile, use.getReconcile),
  route(listDrift, use.listDrift),
  route(acceptDrift, use.acceptDrift),
  route(reapplyDrift, use.reapplyDrift),
];
