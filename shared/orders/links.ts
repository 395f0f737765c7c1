/** Pure: addresses of orders and their items, absolute, as partners follow them. */
import { DEFAULT_API_VERSION } from '../platform/http/api-version.ts';

const href = (publicBaseUrl: string, path: string, query: Readonly<Record<string, string>> = {}): string =>
  `${publicBaseUrl}/api/number-orders/${path}?${new URLSearchParams({ 'api-version': DEFAULT_API_VERSION, ...query }).toString()}`;

export const orderHref = (publicBaseUrl: string, orderId: string): string => href(publicBaseUrl, orderId);

/** The items, or those that `query` asks for. */
export const itemsHref = (publicBaseUrl: string, orderId: string, query?: Readonly<Record<string, string>>): string =>
  href(publicBaseUrl, `${orderId}/items`, query);

/** The number itself, by its digits. */
export const numberHref = (publicBaseUrl: string, digits: string): string =>
  `${publicBaseUrl}/api/numbers/${digits}?${new URLSearchParams({ 'api-version': DEFAULT_API_VERSION }).toString()}`;
