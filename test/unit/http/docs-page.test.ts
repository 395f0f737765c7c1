import { expect, test } from 'vitest';
import { docsPage } from '../../../shared/platform/http/docs/page.ts';
import { composedApp } from './composed-app.ts';

const { call, routes } = composedApp({});

test('shows every operation on one page that needs nothing else', async () => {
  const { status, headers, text } = await call('docs');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  for (const { contract } of routes) expect(text).toContain(`<section id="${contract.name}">`);
  expect(text).not.toMatch(/<script|src=|href="(?!#|openapi\.json)/);
});

test('answers a browser, and refuses whoever wants a picture', async () => {
  expect((await call('docs', { headers: { accept: 'text/html,application/xhtml+xml' } })).status).toBe(200);
  expect((await call('docs', { headers: { accept: 'image/png' } })).error.code).toBe('NotAcceptable');
});

test('shows text of the document as text, never as markup', () => {
  const operation = { operationId: 'x', tags: ['t'], summary: '<img src=x>', responses: {} };
  const page = docsPage({ info: { title: '"&' }, tags: [{ name: 't' }], paths: { '/api/x': { get: operation } } });
  expect(page).toContain('&lt;img src=x&gt;');
  expect(page).toContain('&quot;&amp;');
});
