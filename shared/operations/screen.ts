/** Pure: which of the next numbers end before they are sent, by what is known of them and by who holds them. */
import type { Holder, Member, Operation, Verdict } from './model.ts';
import { recordIn, type LastRemoval, type NumberBlocks, type NumberRecord } from './number-block.ts';

/** Upstream has it, and nothing suggests otherwise: a number whose backend refused it may be ordered again, one that leaves may come back. */
const exists = (record: NumberRecord | undefined): boolean => record?.state === 'synced' || record?.state === 'pending';

const EXISTS: Verdict = { to: 'failed', executed: false, error: { code: 'NumberExists' } };
const SKIPPED: Verdict = { to: 'skipped', executed: false };

/** What the order said is to become of a number that exists; undefined when it is to be sent. */
export const verdictOnExisting = (
  { onExisting = 'update' }: Pick<Operation, 'onExisting'>,
  { digits }: Member,
  blocks: NumberBlocks,
  account: LastRemoval,
): Verdict | undefined => {
  if (onExisting === 'update' || !exists(recordIn(blocks, digits, account))) return undefined;
  return onExisting === 'skip' ? SKIPPED : EXISTS;
};

const NOT_ENABLED: Verdict = { to: 'failed', executed: false, error: { code: 'ServiceNotEnabled' } };

/** What it was accepted behind has failed: sending it would only be refused. `required`: that operation as it is now. */
export const verdictOnRequired = (required: Pick<Operation, 'state'> | undefined): Verdict | undefined =>
  required?.state === 'Failed' ? NOT_ENABLED : undefined;

/** A partner may know of its own customers' numbers, and of nobody else's. */
export const verdictOnHolder = (partner: string, holder: Holder | undefined): Verdict | undefined =>
  holder && {
    to: 'failed',
    executed: false,
    error: { code: holder.partner === partner ? 'NumberAlreadyAssigned' : 'NumberNotAllocated' },
  };
