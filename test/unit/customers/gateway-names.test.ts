import { describe, expect, it } from 'vitest';
import { domainProblem, domainsOf } from '../../../shared/customers/gateway-names.ts';

const BASE = 'abcdefgh12345678.commsgw.azure.com';

describe('the names of a subdomain', () => {
  it('are one for each region', () =>
    expect(domainsOf('contoso', 'g.commsgw.azure.com')).toEqual(['contoso.1r1.g.commsgw.azure.com', 'contoso.1r2.g.commsgw.azure.com']));

  it.each<[string, number | undefined]>([
    ['contoso12', undefined],
    ['contoso123', 49],
  ])('of %s may have 48 characters as a whole', (subdomain, chars) => {
    const problem = domainProblem(subdomain, BASE, '/subdomain');
    expect(problem?.facts.details?.map(({ code, target }) => [code, target])).toEqual(
      chars === undefined ? undefined : [['TooLarge', '/subdomain']],
    );
    if (chars !== undefined) expect(problem?.facts.details?.[0]?.message).toContain(String(chars));
  });

  it('are nobody’s to judge while the domain of the gateway is not known', () => {
    expect(domainProblem('contoso123', undefined, '/subdomain')).toBeUndefined();
    expect(domainProblem(undefined, BASE, '/subdomain')).toBeUndefined();
  });
});
