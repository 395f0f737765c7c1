/** Pure: names the numbering of a log. */
import { createHash } from 'node:crypto';
import { spellId } from '../platform/ids/spell-id.ts';

const STREAM_CHARS = 12;

/**
 * The same for all time, unless the operator changes `epoch` because storage went back to an earlier state: then sequence numbers that
 * were sent already are given to other events, and a receiver has to begin anew.
 */
export const streamOf = (subscriptionId: string, epoch: string): string =>
  spellId(createHash('sha256').update(`${subscriptionId}|${epoch}`).digest()).slice(0, STREAM_CHARS);
