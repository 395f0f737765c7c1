/** Pure: the request that a batch sends, rebuilt at every try from what never changes. */
import { createHash } from 'node:crypto';
import type { AccountLane, Batch, Member, Operation } from './model.ts';

export type PayloadOf = (op: number) => Operation['payload'];

const numberBody = (accountName: string, member: Member, payload: Operation['payload']): Record<string, unknown> => ({
  telephoneNumber: `+${member.digits}`,
  accountName,
  ...payload,
});

/** The JSON text of the batch; equal for every try, which `bodyHash` proves. */
export const batchBody = (lane: AccountLane, batch: Pick<Batch, 'kind' | 'members'>, payloadOf: PayloadOf): string => {
  const [first] = batch.members;
  if (batch.kind === 'account') return JSON.stringify({ name: lane.accountName, ...payloadOf(first?.op ?? 0) });
  return JSON.stringify({ numbers: batch.members.map((member) => numberBody(lane.accountName, member, payloadOf(member.op))) });
};

export const bodyHash = (body: string): string => createHash('sha256').update(body).digest('base64url');
