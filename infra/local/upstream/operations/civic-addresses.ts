/** Emergency addresses of the customer's tenant, read-only here. */
import { sortedKeys } from '../store/sorted-keys.ts';
import { absent, guard, resourceAnswer, type Handle } from './call.ts';
import { listAnswer } from './list-answer.ts';

export const listCivicAddresses: Handle = (world, call) => {
  const account = call.params.accountName ?? '';
  if (!world.store.account(account)) return absent('The account');
  const addresses = new Map((world.store.teamsData(account)?.addresses ?? []).map((address) => [address.id, address]));
  return listAnswer(world, call, sortedKeys(addresses.keys()), (key) => addresses.get(key));
};

export const getCivicAddress: Handle = (world, call) => {
  const account = call.params.accountName ?? '';
  if (!world.store.account(account)) return absent('The account');
  const data = world.store.teamsData(account);
  const address = data?.addresses.find(({ id }) => id === call.params.civicAddressId);
  if (!data || !address) return absent('The civic address');
  const allowed = guard(world, call, data);
  return allowed.ok ? resourceAnswer(world, 200, data, address) : allowed.answer;
};
