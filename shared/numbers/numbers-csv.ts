/** Numbers as CSV, under the headings that orders in CSV know as well. */
import { toCsv } from '../platform/http/csv.ts';
import { SERVICES } from '../platform/upstream/services.ts';
import type { NumberBody } from './model.ts';

const HEADINGS = [
  'telephoneNumber',
  'customerId',
  'status',
  'service',
  'assignmentStatus',
  'usage',
  'capabilities',
  'additionalUsages',
  'civicAddressId',
  'locationId',
  'displayedCountryCode',
  'customSipHeader',
  'errors',
  'lastOrderId',
  'checkedAt',
] as const;

const joined = (texts: readonly string[] | undefined): string | undefined => texts?.join(';');

/** A line for each number, with the service that it has. Several values of a cell are separated by semicolons. */
export const toNumbersCsv = (numbers: readonly NumberBody[]): string =>
  toCsv(
    HEADINGS,
    numbers.map((number) => {
      const [name, service] = SERVICES.flatMap((one) => {
        const found = number.services[one];
        return found?.enabled ? [[one, found] as const] : [];
      })[0] ?? [undefined, undefined];
      return {
        telephoneNumber: number.telephoneNumber,
        customerId: number.customerId,
        status: number.status,
        service: name,
        assignmentStatus: service?.assignmentStatus,
        usage: service?.usage,
        capabilities: joined(service?.capabilities),
        additionalUsages: joined(service?.additionalUsages),
        civicAddressId: service?.emergency?.civicAddressId,
        locationId: service?.emergency?.locationId,
        displayedCountryCode: service?.displayedCountryCode,
        customSipHeader: number.customSipHeader,
        errors: joined(number.errors.map(({ code, message }) => `${code}: ${message}`)),
        lastOrderId: number.lastOrderId,
        checkedAt: number.checkedAt,
      };
    }),
  );
