/** Pure: whether a number was given to a user, or taken from one, at the other side, and the event that this makes. */
import type { EventDraft } from '../platform/lanes/lane.ts';
import type { NumberRecord } from './number-block.ts';
import { asResource, type Resource } from './resource.ts';

/** By service, in upstream's words. */
export type Assignments = Readonly<Record<string, string>>;

/** What upstream shows of a number, or was asked for it. */
export const assignmentsIn = ({ serviceDetails }: Resource): Assignments =>
  Object.fromEntries(
    Object.entries(asResource(serviceDetails)).flatMap(([service, details]) => {
      const { assignmentStatus } = asResource(details);
      return typeof assignmentStatus === 'string' ? [[service, assignmentStatus] as const] : [];
    }),
  );

/** Seen last, or asked for where nothing was seen since; `content`: as the number was seen or put. */
export const knownAssignments = ({ assigned }: Pick<NumberRecord, 'assigned'>, content: Resource): Assignments => ({
  ...assignmentsIn(content),
  ...assigned,
});

const isSame = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

export const isNews = (known: Assignments, seen: Assignments): boolean =>
  Object.entries(seen).some(([service, status]) => !isSame(known[service], status));

/**
 * One event for each service whose assignment has changed. Where nothing was known nothing has: upstream says something of every number
 * (azure-rest-api-specs voiceservices 2024-02-29-preview), asked for or not.
 */
export const assignmentEvents = (customerId: string, digits: string, known: Assignments, seen: Assignments): EventDraft[] =>
  Object.entries(seen).flatMap(([service, assignmentStatus]): EventDraft[] =>
    known[service] === undefined || isSame(known[service], assignmentStatus)
      ? []
      : [{ type: 'number.assignment_changed', data: { telephoneNumber: `+${digits}`, customerId, service, assignmentStatus } }],
  );
