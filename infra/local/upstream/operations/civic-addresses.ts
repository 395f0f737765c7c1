/** Emergency addresses of the customer's tenant, read-only here. */
import { listPage } from '../protocol/paging.ts';
import { sortedKeys } from '../store/sorted-keys.ts';
import { absent, guard, resourceAnswer, type Handle } from './call.ts';

export const listCivicAddresses: Handle = (world, { params, query, url }) => {
  const account = params.accountName ?? '';
  if (!world.store.account(account)) return absent('The account');
  const addresses = new Map((world.store.teamsData(account)?.addresses ?? []).map((address) => [address.id, address]));
  const page = listPage({
    keys: sortedKeys(addresses.keys()),
    toBody: (key) => addresses.get(key),
    query,
    url,
    settings: world.settings,
    random: world.random,
  });
  return page.ok ? page.value : page.answer;
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
