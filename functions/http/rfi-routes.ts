/** The part of the route table that is about Requests for Information. */
import type { Principal, Role } from '../../shared/partners/model.ts';
import type { Endpoint, Route } from '../../shared/platform/http/endpoint.ts';
import {
  deleteAssignmentRule,
  getAssignmentRule,
  listAssignmentRules,
  putAssignmentRule,
  putRfiAssignment,
  type RfiAssignmentUses,
} from './rfi-assignment.ts';
import { acceptRfi, declineRfi, putRfiRelationship, type RfiDecisionUses } from './rfi-decisions.ts';
import { deleteRfiContacts, getRfi, getRfiScan, listRfis, syncRfis, type RfiUses } from './rfis.ts';

export type AllRfiUses = RfiUses & RfiDecisionUses & RfiAssignmentUses;

export const rfiRoutes = (route: Endpoint<Principal, Role>, use: AllRfiUses): Route[] => [
  route(listRfis, use.listRfis),
  route(syncRfis, use.syncRfis),
  route(getRfiScan, use.getRfiScan),
  route(getRfi, use.getRfi),
  route(deleteRfiContacts, use.deleteRfiContacts),
  route(acceptRfi, use.acceptRfi),
  route(declineRfi, use.declineRfi),
  route(putRfiRelationship, use.putRfiRelationship),
  route(putRfiAssignment, use.putRfiAssignment),
  route(listAssignmentRules, use.listAssignmentRules),
  route(getAssignmentRule, use.getAssignmentRule),
  route(putAssignmentRule, use.putAssignmentRule),
  route(deleteAssignmentRule, use.deleteAssignmentRule),
];
