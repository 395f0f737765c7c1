/** What can be made to go wrong on purpose; nothing does unless a test or a developer asks. */
import type { Queue } from '../engine/queue.ts';
import type { Verdict } from './dispositions.ts';
import type { Response } from './requests.ts';

export type Faults = {
  /** Refuses a link on a queue. */
  onAttach: (path: string) => Verdict;
  /** Refuses, delays or doubles what is sent; undefined leaves it alone. */
  onSend: (path: string, content: Buffer, queue: Queue) => Promise<Verdict> | undefined;
  /** Answers a management request in the queue's place. */
  onManagement: (path: string) => Promise<Response | undefined>;
};

export const noFaults: Faults = {
  onAttach: () => undefined,
  onSend: () => undefined,
  onManagement: async () => undefined,
};
