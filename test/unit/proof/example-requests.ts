/** The example of each contract as a request to the prepared stage, and who may send it. */
import type { Contract } from '../../../shared/platform/http/contract.ts';
import type { Role } from '../../../shared/partners/model.ts';
import type { Call } from '../http/http-call.ts';
import { BLOCK_OF, IDLE_PARTNER } from './cast.ts';
import { tokenOf, type CallerName, type PartnerName } from './stage.ts';
import { ADOPTED, type Prepared, type Values } from './prepared.ts';

export type ExampleRequest = Call & { path: string; token?: string };

/** Routes that need another one of a kind than the first, by the name of the route. */
const OTHERS: Readonly<Record<string, (prepared: Prepared, partner: PartnerName) => Values>> = {
  cancelOrder: ({ heldOrderOf }, partner) => ({ orderId: heldOrderOf[partner] }),
  adoptAccount: () => ({ customerId: ADOPTED }),
  getAdoption: () => ({ customerId: ADOPTED }),
  listAdoptionFindings: () => ({ customerId: ADOPTED }),
  putNumber: (_, partner) => ({ telephoneNumber: `${BLOCK_OF[partner]}0070` }),
  deletePartner: () => ({ partnerId: IDLE_PARTNER }),
  closeOperation: ({ heldOrderOf }, partner) => ({ operationId: heldOrderOf[partner] }),
};

/** What the parameters of the route's path are for this partner's things. */
export const valuesFor = (prepared: Prepared, contract: Contract, partner: PartnerName): Values => ({
  ...prepared.valuesOf[partner],
  ...OTHERS[contract.name]?.(prepared, partner),
});

/** Throws for a parameter that nothing was prepared for. */
export const pathWith = ({ name, path }: Contract, values: Values): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => {
    const value = values[parameter];
    if (value === undefined) throw new Error(`${name}: prepare a {${parameter}} in test/unit/proof/prepared.ts`);
    return value;
  });

export const isOperators = ({ role }: Contract): boolean => role.startsWith('Operator.');

/** Who is meant to use it: the partner itself, or the operator for what is the operator's alone. */
export const callerOf = (contract: Contract, partner: PartnerName): CallerName => (isOperators(contract) ? 'operator' : partner);

const pathAndQuery = (path: string, query: Readonly<Record<string, string>> = {}): string => {
  const asked = new URLSearchParams(query).toString();
  return asked === '' ? path : `${path}?${asked}`;
};

/** As the document shows it, with the values of things that are there. */
export const exampleRequest = (contract: Contract, values: Values, caller: CallerName, role?: Role): ExampleRequest => {
  const { method, examples = {}, role: needed } = contract;
  return {
    method,
    path: pathAndQuery(pathWith(contract, values), examples.query),
    ...(needed === 'anonymous' ? {} : { token: tokenOf(caller, role) }),
    ...(examples.headers ? { headers: { ...examples.headers } } : {}),
    ...(examples.body === undefined ? {} : { body: examples.body }),
  };
};
