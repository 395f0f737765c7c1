/** Pure: whether a number was given to a user, or taken from one, at the other side, and the event that this makes. */
import type { EventDraft } from '../platform/lanes/lane.ts';
import { asResource, type Resource } from './resource.ts';

const assignmentsOf = ({ serviceDetails }: Resource): Map<string, string> =>
  new Map(
    Object.entries(asResource(serviceDetails)).flatMap(([service, details]) => {
      const { assignmentStatus } = asResource(details);
      return typeof assignmentStatus === 'string' ? [[service, assignmentStatus] as const] : [];
    }),
  );

/**
 * One event for each service whose assignment is another than `known`, what was seen last or asked for. Where nothing was known nothing has
 * changed: upstream says something of every number (azure-rest-api-specs voiceservices 2024-02-29-preview), asked for or not.
 */
export const assignmentEvents = (customerId: string, digits: string, known: Resource, seen: Resource): EventDraft[] => {
  const before = assignmentsOf(known);
  return [...assignmentsOf(seen)].flatMap(([service, assignmentStatus]): EventDraft[] => {
    const old = before.get(service)?.toLowerCase();
    if (old === undefined || old === assignmentStatus.toLowerCase()) return [];
    return [{ type: 'number.assignment_changed', data: { telephoneNumber: `+${digits}`, customerId, service, assignmentStatus } }];
  });
};
