/** The rows of the route table for partners, their credentials and what was changed by whom. */
import type { Principal, Role } from '../../shared/partners/model.ts';
import type { Endpoint, Route } from '../../shared/platform/http/endpoint.ts';
import { createApiKey, listApiKeys, revokeApiKey, type ApiKeyUses } from './api-keys.ts';
import { listAuditEvents, type AuditUses } from './audit-events.ts';
import {
  deletePartner,
  getNumberRanges,
  getPartner,
  listPartners,
  putNumberRanges,
  putPartner,
  type PartnerUses,
} from './operator-partners.ts';

export type AllPartnerUses = PartnerUses & ApiKeyUses & AuditUses;

export const partnerRoutes = (route: Endpoint<Principal, Role>, use: AllPartnerUses): Route[] => [
  route(listPartners, use.listPartners),
  route(putPartner, use.putPartner),
  route(getPartner, use.getPartner),
  route(deletePartner, use.deletePartner),
  route(getNumberRanges, use.getNumberRanges),
  route(putNumberRanges, use.putNumberRanges),
  route(createApiKey, use.createApiKey),
  route(listApiKeys, use.listApiKeys),
  route(revokeApiKey, use.revokeApiKey),
  route(listAuditEvents, use.listAuditEvents),
];
