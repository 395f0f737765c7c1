/** Whose an account of the gateway is: a customer's that bears its name, or one's that has adopted it. */
import type { RowStore, RowWrite } from '../platform/tables/row-store.ts';
import { laneOfAccountName } from './names.ts';
import type { CustomerLane, ReadCustomerLane } from './ports.ts';

const ADOPTED = 'adopted';
const MAX_TRIES = 5;

export type AccountOwner = { partner: string; customerId: string; lane: string };

/** Row of table `Lists`; it stays when the customer goes, and counts only while the customer still has the account, or takes it over. */
export type AdoptedAccount = AccountOwner & { v: 1; state: 'adopting' | 'settled' };

export type FindAccountOwner = (accountName: string) => Promise<AccountOwner | undefined>;

export type AccountOwners = {
  ownerOf: FindAccountOwner;
  /** Makes the account this customer's to adopt; answers whose it is afterwards. Repeatable. */
  claim: (accountName: string, owner: AccountOwner) => Promise<AccountOwner>;
  /** The adoption is over, whatever came of it. Repeatable; another customer's claim is left alone. */
  settle: (accountName: string, lane: string) => Promise<void>;
};

/** Whether the customer has the account at the gateway, or is about to: one whose creation was refused has not. */
export const hasAccount = ({ account }: CustomerLane): boolean =>
  account.removal !== 'done' && (account.exists === true || account.status === 'Pending');

export const makeAccountOwners = ({ lists, readLane }: { lists: RowStore; readLane: ReadCustomerLane }): AccountOwners => {
  const holder = async (accountName: string, lane: string): Promise<AccountOwner | undefined> => {
    const row = (await readLane(lane))?.value;
    if (row?.accountName !== accountName || !hasAccount(row)) return undefined;
    return { partner: row.partner, customerId: row.customerId, lane };
  };
  const present = async (accountName: string, adopted: AdoptedAccount | undefined): Promise<AccountOwner | undefined> => {
    if (adopted?.state === 'adopting') return { partner: adopted.partner, customerId: adopted.customerId, lane: adopted.lane };
    return (adopted && (await holder(accountName, adopted.lane))) ?? holder(accountName, laneOfAccountName(accountName));
  };
  const change = async (
    accountName: string,
    decide: (row: AdoptedAccount | undefined) => Promise<AdoptedAccount | undefined>,
  ): Promise<void> => {
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      const row = await lists.get(ADOPTED, accountName);
      const value = await decide(row?.value as AdoptedAccount | undefined);
      if (!value) return;
      const write: RowWrite = row
        ? { kind: 'replace', key: accountName, value, etag: row.etag }
        : { kind: 'insert', key: accountName, value };
      if ((await lists.commit(ADOPTED, [write])).outcome === 'committed') return;
    }
    throw new Error('the owner of an account stayed contended');
  };
  return {
    ownerOf: async (accountName) => present(accountName, (await lists.get(ADOPTED, accountName))?.value as AdoptedAccount | undefined),
    claim: async (accountName, owner) => {
      let is: AccountOwner = owner;
      await change(accountName, async (row) => {
        is = (await present(accountName, row)) ?? owner;
        return is.lane === owner.lane && row?.state !== 'adopting' ? { v: 1, ...owner, state: 'adopting' } : undefined;
      });
      return is;
    },
    settle: (accountName, lane) =>
      change(accountName, (row) =>
        Promise.resolve(row?.lane === lane && row.state === 'adopting' ? { ...row, state: 'settled' } : undefined),
      ),
  };
};
