/** Records each executed write of a number, so that a check can compare what happened with what was ordered. */
import type { NumberContent } from '../resources/number-schema.ts';
import type { World } from '../world.ts';
import type { Call } from './call.ts';

/** `content` is left out for a deletion. */
export const noteWrite = (world: World, call: Call, account: string, number: string, content?: NumberContent): void =>
  world.store.apply({
    kind: 'write',
    account,
    number,
    write: { operation: call.operation, atMs: world.now(), repeatabilityRequestId: call.repeatabilityRequestId, content },
  });
