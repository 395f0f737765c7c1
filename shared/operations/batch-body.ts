/** Pure: the request that a batch sends, rebuilt at every try from what never changes. */
import { createHash } from 'node:crypto';
import type { AccountLane, Batch, Member, Operation } from './model.ts';

/** What is to be sent of a member. */
export type PayloadOf = (member: Member) => Operation['payload'];

const numberBody = (accountName: string, member: Member, payload: Operation['payload']): Record<string, unknown> => ({
  telephoneNumber: `+${member.digits}`,
  accountName,
  ...payload,
});

/** The JSON text of the batch, empty for a request without a body; equal for every try, which `bodyHash` proves. */
export const batchBody = (lane: AccountLane, batch: Pick<Batch, 'kind' | 'members'>, payloadOf: PayloadOf): string => {
  const { kind, members } = batch;
  switch (kind) {
    case 'account':
      return JSON.stringify({ name: lane.accountName, ...(members[0] && payloadOf(members[0])) });
    case 'accountDelete':
      return '';
    case 'release':
      return JSON.stringify({ numbers: members.map(({ digits }) => ({ telephoneNumber: `+${digits}` })) });
    case 'upsert':
      return JSON.stringify({ numbers: members.map((member) => numberBody(lane.accountName, member, payloadOf(member))) });
  }
};

/** SHA-256 in base64url; equal for equal bytes alone. */
export const bodyHash = (body: string): string => createHash('sha256').update(body).digest('base64url');
