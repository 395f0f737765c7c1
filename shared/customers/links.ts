/** Pure: addresses of customers and of the operations that change them, absolute, as partners follow them. */
import { DEFAULT_API_VERSION } from '../platform/http/api-version.ts';

const href = (publicBaseUrl: string, path: string): string => `${publicBaseUrl}/api/${path}?api-version=${DEFAULT_API_VERSION}`;

export const customerHref = (publicBaseUrl: string, customerId: string): string => href(publicBaseUrl, `customers/${customerId}`);
export const operationHref = (publicBaseUrl: string, operationId: string): string => href(publicBaseUrl, `operations/${operationId}`);
