import { describe, expect, it } from 'vitest';
import { countriesOf, isNorthAmericanTollFree, liesOutside, toCountry } from '../../../shared/orders/countries.ts';

describe('the country of a number', () => {
  it.each([
    ['441632960000', 'GB'],
    ['15105850321', 'US'],
    ['14165850321', 'CA'],
    ['35312345678', 'IE'],
    ['4930100', 'DE'],
    ['97142345678', 'AE'],
    ['24762345', 'SH'],
    ['67620123', 'TO'],
    ['9671234567', 'YE'],
    ['26112345678', 'MG'],
  ])('%s may be in %s', (digits, country) => expect(countriesOf(digits)).toContain(country));

  it.each(['999123456', '88312345', ''])('of %j nobody knows', (digits) => expect(countriesOf(digits)).toBeUndefined());

  it('is spelled by its ISO code or as upstream’s samples spell it', () =>
    expect(['GB', 'uk', ' UK ', 'US', 'United Kingdom', 'ZZ', ''].map(toCountry)).toEqual([
      'GB',
      'GB',
      'GB',
      'US',
      undefined,
      undefined,
      undefined,
    ]));
});

describe('the table of countries', () => {
  it('has every country that the platform has a name for', () => {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    const letters = Array.from({ length: 26 }, (_, n) => String.fromCharCode(65 + n));
    // Not of ISO 3166-1: groupings, codes reserved for others, and some that were withdrawn.
    const others = new Set(
      'AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH NQ NT PC PU PZ QO QU RH SU TA TP UK UN VD WK XA XB YD YU ZR ZZ'.split(' '),
    );
    const named = letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => names.of(code) !== undefined && !others.has(code));
    expect(named.length).toBeGreaterThan(240);
    expect(named.filter((code) => toCountry(code) === undefined)).toEqual([]);
  });
});

describe('whether a number lies outside of countries', () => {
  it.each<[string[], string, boolean]>([
    [['GB'], '441632960000', false],
    [['UK'], '441632960000', false],
    [['US', 'UK'], '441632960000', false],
    [['US'], '441632960000', true],
    [[], '441632960000', true],
    // Who shares a calling code is not told apart.
    [['US'], '14165850321', false],
    [['CA'], '18005550100', false],
    // What is opaque refuses nothing.
    [['US', 'United Kingdom'], '441632960000', false],
    [['US'], '999123456', false],
  ])('%j: %s', (countries, digits, outside) => expect(liesOutside(countries)(digits)).toBe(outside));
});

it.each<[string, boolean]>([
  ['18005550100', true],
  ['18885550100', true],
  ['18015550100', false],
  ['15105850321', false],
  ['448005550100', false],
])('%s is a toll-free number of North America: %s', (digits, is) => expect(isNorthAmericanTollFree(digits)).toBe(is));
