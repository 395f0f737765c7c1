/** What lists are tried on: two customers of acme's and one of beta's; and how a client follows the links of a list. */
import { CUSTOMER } from '../../support/sample-order.ts';
import { apiWorld, BASE, putContoso, type ApiWorld } from './api-world.ts';

export const listingWorld = async (): Promise<ApiWorld> => {
  const world = apiWorld();
  await putContoso(world);
  await putContoso(world, { as: 'beta' });
  await world.call('putCustomer', { params: { customerId: 'fabrikam' }, body: CUSTOMER });
  return world;
};

/** What a link of an answer leads to, as a test calls it. */
export const pathOf = (link: string): string => link.slice(`${BASE}/api/`.length);

/** Every page of a list, by its links. */
export const followPages = async <T>(world: ApiWorld, name: string, first: string): Promise<T[][]> => {
  const pages: T[][] = [];
  for (let path: string | undefined = first; path !== undefined;) {
    const { value, nextLink }: { value: T[]; nextLink?: string } = (await world.call(name, { path })).body as never;
    pages.push(value);
    path = nextLink === undefined ? undefined : pathOf(nextLink);
  }
  return pages;
};
