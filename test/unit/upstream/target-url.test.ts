/** Calls go to the configured origin and nowhere else, with paths and links as upstream expects them. */
import { describe, expect, it } from 'vitest';
import { createOrUpdateNumbersPath, numberPath, rfiPath } from '../../../shared/platform/upstream/paths.ts';
import { targetUrl } from '../../../shared/platform/upstream/target-url.ts';

const BASE = 'https://provapi.example.commsgw.azure.com';
const target = (path: string, query?: Record<string, string>) =>
  targetUrl(BASE, '2024-02-29-preview', { path, ...(query ? { query } : {}) });

describe('the URL of a call', () => {
  it.each([
    [numberPath('contoso', '+15105850321'), '/accounts/contoso/numbers/%2B15105850321?api-version=2024-02-29-preview'],
    [createOrUpdateNumbersPath('contoso'), '/accounts/contoso:createOrUpdateNumbers?api-version=2024-02-29-preview'],
    [rfiPath('a/b?c'), '/teamsRequestsForInformation/a%2Fb%3Fc?api-version=2024-02-29-preview'],
    [`${BASE}/numbers?skip=500&api-version=2024-02-29`, '/numbers?skip=500&api-version=2024-02-29'],
    [`${BASE}/numbers?token=a%2Bb%20c==&x`, '/numbers?token=a%2Bb%20c==&x&api-version=2024-02-29-preview'],
    [`${BASE}:443/numbers?api-version=1`, '/numbers?api-version=1'],
  ])('for %s', (path, expected) => expect(target(path)).toBe(BASE + expected));

  it('carries a query, encoded', () =>
    expect(target('/numbers', { maxpagesize: '500', filter: "a eq 'b&c'" })).toBe(
      `${BASE}/numbers?maxpagesize=500&filter=a%20eq%20'b%26c'&api-version=2024-02-29-preview`,
    ));

  it.each([
    'https://evil.example/numbers',
    '//evil.example/numbers',
    'http://provapi.example.commsgw.azure.com/numbers',
    'https://provapi.example.commsgw.azure.com:8443/numbers',
    'https://provapi.example.commsgw.azure.com@evil.example/',
    'https://user:pw@provapi.example.commsgw.azure.com/numbers',
    'https://provapi.example.commsgw.azure.com.evil.example/',
    '/\\evil.example/numbers',
    'https://[broken/',
    'data:text/plain,x',
  ])('is refused to %s', (path) => expect(target(path)).toBeUndefined());
});
