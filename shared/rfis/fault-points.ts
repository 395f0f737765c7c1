/** Pure: the moments at which a test ends the process on purpose; each lies between two effects, and whatever comes after must finish the work. */

export type FaultPoint =
  | 'scan.begun'
  | 'scan.pageRead'
  | 'scan.pagesDone'
  | 'scan.done'
  | 'change.committed'
  | 'change.indexed'
  | 'change.published'
  | 'decision.accepted'
  | 'decision.looked'
  | 'decision.claimed'
  | 'decision.sent'
  | 'decision.recorded'
  | 'customer.accepted';

/** Nothing in production. */
export type At = (point: FaultPoint) => void;

export const nowhere: At = () => undefined;
