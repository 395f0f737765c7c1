/** Role x route x whose: the request of each cell, and what it must not show. */
import type { Contract } from '../../../shared/platform/http/contract.ts';
import { ROLES, type Role } from '../../../shared/partners/model.ts';
import { ADDRESS_ID_OF, BLOCK_OF, TENANT_OF } from './cast.ts';
import { exampleRequest, valuesFor, type ExampleRequest } from './example-requests.ts';
import type { Prepared, Values } from './prepared.ts';

export const WHOSE = ['own', 'foreign', 'absent'] as const;
export type Whose = (typeof WHOSE)[number];

/** Well-formed, and nobody's. The number is of the other partner's range, so that only its being taken differs. */
const ABSENT: Values = {
  customerId: 'nobody',
  profileId: 'nobody',
  orderId: '02made999991',
  operationId: '02made999992',
  subscriptionId: 'sub_made999993',
  telephoneNumber: `${BLOCK_OF.globex}9999`,
  civicAddressId: 'f39d4f0e-7a52-4f6c-9d0a-5a4c5f0f1a19',
  tenantId: 'f7f4bd5c-cc01-40f4-8baa-2b6bdb272b8f',
  partnerId: 'nobody',
  keyId: 'made999994',
  stopId: 'customer.acme.nobody',
  lane: 'acc.acme-nobody',
  driftId: 'nothing',
};

/** These say what, not whose: what is below somebody's own thing is reached through it alone. */
const SHARED_PARAMETERS = ['service', 'deliveryId'];

export const ownedParameters = ({ params }: Contract): string[] =>
  Object.keys(params?.shape ?? {}).filter((name) => !SHARED_PARAMETERS.includes(name));

const isOperatorRole = (role: Role): boolean => role.startsWith('Operator.');

/** Each owned parameter of somebody else by itself, and all of them together. */
const mixes = (own: Values, other: Values, names: readonly string[]): Values[] => {
  const swap = (some: readonly string[]): Values => ({ ...own, ...Object.fromEntries(some.map((name) => [name, other[name] ?? ''])) });
  return names.length === 1 ? [swap(names)] : [...names.map((name) => swap([name])), swap(names)];
};

export type Cell = { contract: Contract; role: Role; whose: Whose; requests: (ExampleRequest & { sent: Values })[] };

export const cellsOf = (prepared: Prepared, contract: Contract): Cell[] => {
  const own = valuesFor(prepared, contract, 'acme');
  const foreign = { ...valuesFor(prepared, contract, 'globex'), ...prepared.ownNamesOf.globex };
  const names = ownedParameters(contract);
  const valuesOf: Record<Whose, Values[]> = {
    own: [own],
    foreign: names.length === 0 ? [own] : mixes(own, foreign, names),
    absent: names.length === 0 ? [own] : mixes(own, { ...Object.fromEntries(names.map((name) => [name, 'absent-one'])), ...ABSENT }, names),
  };
  return ROLES.flatMap((role) =>
    WHOSE.map((whose) => {
      const caller = isOperatorRole(role) ? ('operator' as const) : ('acme' as const);
      return {
        contract,
        role,
        whose,
        requests: valuesOf[whose].map((sent) => ({ ...exampleRequest(contract, sent, caller, role), sent })),
      };
    }),
  );
};

/** Words that only the other partner's data holds; what the caller itself has sent may come back. */
export const marksOfOther = (prepared: Prepared): string[] => {
  const { orderId = '', operationId = '', subscriptionId = '', keyId = '' } = prepared.valuesOf.globex;
  const ids = [orderId, operationId, subscriptionId, keyId, prepared.heldOrderOf.globex];
  return ['globex', BLOCK_OF.globex, TENANT_OF.globex, ADDRESS_ID_OF.globex, ...ids];
};
