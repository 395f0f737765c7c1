import { describe, expect, it } from 'vitest';
import { fromCsv, type CsvOptions, type CsvOrder } from '../../../shared/orders/from-csv.ts';
import { AppError } from '../../../shared/platform/errors/app-error.ts';

const N = (n: number): string => `+44163296000${n}`;
const read = (text: string, options: CsvOptions = {}): CsvOrder => {
  const order = fromCsv(text, { customerId: 'contoso', profileId: 'oc', ...options });
  if (order instanceof AppError) throw new Error(JSON.stringify([order.code, order.facts.details]));
  return order;
};
const refused = (text: string, options: CsvOptions = {}): unknown[] => {
  const order = fromCsv(text, { customerId: 'contoso', ...options });
  if (!(order instanceof AppError)) return [order.wish];
  return [order.code, ...(order.facts.details ?? []).map(({ code, target, row }) => [code, target, row])];
};
const PORTAL = 'serviceDetails_teamsOperatorConnect_';

describe('an order in CSV', () => {
  it('has its numbers alone under the older heading of the portal, with or without the plus', () => {
    expect(read(`Numbers\n${N(0)}\n441632960001\n`).wish).toMatchObject({
      action: 'provision',
      numbers: [N(0), N(1)],
      customerId: 'contoso',
    });
  });

  it('has ranges under from and to', () => {
    expect(read(`from,to\r\n${N(0)},${N(5)}\r\n`).wish).toMatchObject({ numbers: [], ranges: [{ from: N(0), to: N(5) }] });
  });

  it('has settings under the short headings, several values in a cell between ; or |', () => {
    const text = `\ufefftelephoneNumber,usage,capabilities,civicAddressId,locationId,customSipHeader,reference
${N(0)},Conference,InboundCalling;OutboundCalling,,,acme-1,"desk ""1"", left"

441632960001,,Mobile | InboundCalling,hq,floor-1,,`;
    expect(read(text).wish).toMatchObject({
      items: [
        {
          telephoneNumber: N(0),
          settings: { usage: 'Conference', capabilities: ['InboundCalling', 'OutboundCalling'], customSipHeader: 'acme-1' },
          reference: 'desk "1", left',
        },
        {
          telephoneNumber: N(1),
          settings: { capabilities: ['Mobile', 'InboundCalling'], emergency: { civicAddressId: 'hq', locationId: 'floor-1' } },
        },
      ],
    });
  });

  it('is a file of the portal, which says everything itself', () => {
    const headings = [
      'telephoneNumber',
      'accountName',
      ...[
        'enabled',
        'assignmentStatus',
        'configuration_usage',
        'configuration_choosableCapabilities',
        'configuration_additionalUsages',
      ].map((name) => PORTAL + name),
      ...['civicAddressId', 'locationId', 'allowTenantAddressUpdate', 'displayedCountryCode'].map(
        (name) => `${PORTAL}configuration_${name}`,
      ),
      'configuration_customSipHeader',
    ];
    const cells = [N(0), 'acme-contoso', 'true', 'assigned', 'A', 'X|Y', 'B', 'hq', 'floor', 'TRUE', 'US', 'acme-1'];
    const { wish, source } = read(`${headings.join()}\n${cells.join()}\n`);
    expect(wish).toMatchObject({
      items: [
        {
          telephoneNumber: N(0),
          settings: {
            service: 'teamsOperatorConnect',
            assignmentStatus: 'assigned',
            usage: 'A',
            capabilities: ['X', 'Y'],
            additionalUsages: ['B'],
            emergency: { civicAddressId: 'hq', locationId: 'floor', tenantMayUpdate: true },
            displayedCountryCode: 'US',
            customSipHeader: 'acme-1',
          },
        },
      ],
    });
    expect(source.accounts).toEqual([{ name: 'acme-contoso', row: 2 }]);
  });

  it('takes everything else from the query', () => {
    const options: CsvOptions = { allowPartial: 'true', ensureService: 'enable', onExisting: 'skip', ticket: 'T', externalReference: 'PO' };
    expect(read(`Numbers\n${N(0)}`, options).wish).toMatchObject({ ...options, allowPartial: true, profileId: 'oc' });
  });

  it('may say its customer itself', () => {
    expect(read(`telephoneNumber,customerId\n${N(0)},fabrikam\n`, { customerId: undefined }).wish).toMatchObject({
      customerId: 'fabrikam',
    });
  });

  it('lets numbers go with the file that they were ordered with', () => {
    const { wish } = read(`telephoneNumber,usage,reference\n${N(0)},A,desk\n`, { action: 'release', profileId: undefined });
    expect(wish).toMatchObject({ action: 'release', items: [{ telephoneNumber: N(0), reference: 'desk' }] });
  });

  it('tells problems by line and heading', () => {
    const { source } = read(`telephoneNumber,capabilities\n\n${N(0)},A\n"44\n1",B\n`);
    const at = (target: string): unknown => source.point({ code: 'c', message: 'm', target });
    expect(at('/items/0/settings/capabilities/1')).toMatchObject({ target: 'capabilities', row: 3 });
    expect(at('/items/1/telephoneNumber')).toMatchObject({ target: 'telephoneNumber', row: 5 });
    expect(at('/profileId')).toEqual({ code: 'c', message: 'm', target: 'profileId' });
  });

  it.each<[string, string, unknown[]]>([
    ['nothing', '', ['InvalidCsv', ['InvalidCsv', 'column 1', 1]]],
    ['an unknown heading', `telephoneNumber,usag\n${N(0)},A\n`, ['InvalidCsv', ['InvalidCsv', 'column 2', 1]]],
    ['a heading twice', `telephoneNumber,usage,Usage\n${N(0)},A,B\n`, ['InvalidCsv', ['InvalidCsv', 'column 3', 1]]],
    ['no number', `usage\nA\n`, ['InvalidCsv', ['InvalidCsv', 'column 1', 1]]],
    ['ranges with settings', `from,to,usage\n1,2,A\n`, ['InvalidCsv', ['InvalidCsv', 'column 1', 1]]],
    ['a line too long', `telephoneNumber,usage\n${N(0)},A,B\n`, ['InvalidCsv', ['InvalidCsv', 'column 3', 2]]],
    ['an open quote', `telephoneNumber,usage\n${N(0)},"A\n`, ['InvalidCsv', ['InvalidCsv', 'column 2', 2]]],
    ['a quote inside', `telephoneNumber,usage\n${N(0)},A"B"\n`, ['InvalidCsv', ['InvalidCsv', 'column 2', 2]]],
    ['a bad value', `telephoneNumber,customSipHeader\n${N(0)},a b\n`, ['InvalidRequest', ['CustomHeaderInvalid', 'customSipHeader', 2]]],
    ['no number in a line', `telephoneNumber,usage\n,A\n`, ['InvalidRequest', ['Required', 'telephoneNumber', 2]]],
    ['no flag', `telephoneNumber,tenantMayUpdate\n${N(0)},maybe\n`, ['InvalidRequest', ['InvalidType', 'tenantMayUpdate', 2]]],
    [
      'a service that is off',
      `telephoneNumber,${PORTAL}enabled\n${N(0)},false\n`,
      ['InvalidRequest', ['InvalidValue', `${PORTAL}enabled`, 2]],
    ],
    [
      'two services at once',
      `telephoneNumber,${PORTAL}enabled,serviceDetails_teamsPhoneMobile_enabled\n${N(0)},true,true\n`,
      ['InvalidRequest', ['InvalidValue', 'serviceDetails', 2]],
    ],
  ])('is refused with %s', (_what, text, expected) => expect(refused(text)).toEqual(expected));

  it('never tells what stands in the file', () => {
    const error = fromCsv('telephoneNumber,usage\nsecret,"x', {});
    expect(error instanceof AppError && JSON.stringify([error.message, error.facts])).not.toMatch(/secret|"x/);
  });
});
