/** The route table: one row for each contract with the use case that serves it. */
import type { Principal, Role } from '../../shared/partners/model.ts';
import type { UseCase } from '../../shared/platform/http/contract.ts';
import type { Endpoint, Route } from '../../shared/platform/http/endpoint.ts';
import { deleteService, putService, type CustomerServiceUses } from './customer-services.ts';
import { deleteCustomer, getCustomer, listCustomers, putCustomer, type CustomerUses } from './customers.ts';
import { getLive, getReady } from './health.ts';
import { getMe } from './me.ts';
import { getDocs, getOpenApi, type MetaUses } from './meta.ts';
import { getNumber, listCustomerNumbers, listNumbers, putNumber, releaseNumber, type NumberUses } from './numbers.ts';
import { createOrder, getOrder, listOrderItems, listOrders, type NumberOrderUses } from './number-orders.ts';
import { getOperation, listOperations, type OperationUses } from './operations.ts';
import { validateOrder, type ValidationUses } from './order-validation.ts';
import { cancelOrder, retryOrder, type OrderActionUses } from './order-actions.ts';
import { closeOperation, type ClosingUses } from './operator-operations.ts';
import { replayLane, type LaneUses } from './operator-lanes.ts';
import { deleteStop, listStops, putStop, type StopUses } from './operator-stops.ts';
import { operatorRoutes, type AllOperatorUses } from './operator-routes.ts';
import { partnerRoutes, type AllPartnerUses } from './partner-routes.ts';
import { deleteProfile, getProfile, listProfiles, putProfile, type ProfileUses } from './profiles.ts';
import { rfiRoutes, type AllRfiUses } from './rfi-routes.ts';
import { getAvailableCapabilities, getCivicAddress, listCapabilityPlans, listCivicAddresses, type TenantDataUses } from './tenant-data.ts';
import { truthRoutes, type AllTruthUses } from './truth-routes.ts';
import { webhookRoutes, type WebhookUses } from './webhook-routes.ts';

/** What serves the routes, by their names. */
export type UseCases = {
  getLive: UseCase<typeof getLive, Principal>;
  getReady: UseCase<typeof getReady, Principal>;
  getMe: UseCase<typeof getMe, Principal>;
} & MetaUses &
  CustomerUses &
  CustomerServiceUses &
  TenantDataUses &
  NumberOrderUses &
  ValidationUses &
  OrderActionUses &
  NumberUses &
  StopUses &
  AllTruthUses &
  LaneUses &
  ClosingUses &
  AllPartnerUses &
  AllOperatorUses &
  OperationUses &
  AllRfiUses &
  WebhookUses &
  ProfileUses;

export const routeTable = (route: Endpoint<Principal, Role>, use: UseCases): Route[] => [
  route(getLive, use.getLive),
  route(getReady, use.getReady),
  route(getOpenApi, use.getOpenApi),
  route(getDocs, use.getDocs),
  route(getMe, use.getMe),
  route(putCustomer, use.putCustomer),
  route(getCustomer, use.getCustomer),
  route(listCustomers, use.listCustomers),
  route(deleteCustomer, use.deleteCustomer),
  route(putService, use.putCustomerService),
  route(deleteService, use.deleteCustomerService),
  route(listCivicAddresses, use.listCivicAddresses),
  route(getCivicAddress, use.getCivicAddress),
  route(listCapabilityPlans, use.listCapabilityPlans),
  route(getAvailableCapabilities, use.getAvailableCapabilities),
  route(listProfiles, use.listProfiles),
  route(putProfile, use.putProfile),
  route(getProfile, use.getProfile),
  route(deleteProfile, use.deleteProfile),
  route(listCustomerNumbers, use.listCustomerNumbers),
  route(listNumbers, use.listNumbers),
  route(getNumber, use.getNumber),
  route(putNumber, use.putNumber),
  route(releaseNumber, use.releaseNumber),
  route(createOrder, use.createOrder),
  route(validateOrder, use.validateOrder),
  route(listOrders, use.listOrders),
  route(getOrder, use.getOrder),
  route(listOrderItems, use.listOrderItems),
  route(cancelOrder, use.cancelOrder),
  route(retryOrder, use.retryOrder),
  route(listOperations, use.listOperations),
  route(getOperation, use.getOperation),
  route(listStops, use.listStops),
  route(putStop, use.putStop),
  route(deleteStop, use.deleteStop),
  route(replayLane, use.replayLane),
  route(closeOperation, use.closeOperation),
  ...truthRoutes(route, use),
  ...webhookRoutes(route, use),
  ...rfiRoutes(route, use),
  ...partnerRoutes(route, use),
  ...operatorRoutes(route, use),
];
