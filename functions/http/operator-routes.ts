/** The rows of the route table for an operator's view of the service as a whole. */
import type { Principal, Role } from '../../shared/partners/model.ts';
import type { Endpoint, Route } from '../../shared/platform/http/endpoint.ts';
import { getConsole, getConsolePanels, type ConsoleUses } from './operator-console.ts';
import { exportPartner, type ExportUses } from './operator-export.ts';
import { getDeadLetter, getStatus, listDeadLetters, replayDeadLetter, type StatusUses } from './operator-status.ts';
import { getUsage, type UsageUses } from './operator-usage.ts';

export type AllOperatorUses = StatusUses & UsageUses & ConsoleUses & ExportUses;

export const operatorRoutes = (route: Endpoint<Principal, Role>, use: AllOperatorUses): Route[] => [
  route(getConsole, use.getConsole),
  route(getConsolePanels, use.getConsolePanels),
  route(getStatus, use.getStatus),
  route(listDeadLetters, use.listDeadLetters),
  route(getDeadLetter, use.getDeadLetter),
  route(replayDeadLetter, use.replayDeadLetter),
  route(getUsage, use.getUsage),
  route(exportPartner, use.exportPartner),
];
