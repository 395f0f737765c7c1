/** The route table: one row for each contract with the use case that serves it. */
import type { Principal, Role } from '../../shared/partners/model.ts';
import type { UseCase } from '../../shared/platform/http/contract.ts';
import type { Endpoint, Route } from '../../shared/platform/http/endpoint.ts';
import { getLive, getReady } from './health.ts';
import { getMe } from './me.ts';

/** What serves the routes, by their names. */
export type UseCases = {
  getLive: UseCase<typeof getLive, Principal>;
  getReady: UseCase<typeof getReady, Principal>;
  getMe: UseCase<typeof getMe, Principal>;
};

export const routeTable = (route: Endpoint<Principal, Role>, use: UseCases): Route[] => [
  route(getLive, use.getLive),
  route(getReady, use.getReady),
  route(getMe, use.getMe),
];
