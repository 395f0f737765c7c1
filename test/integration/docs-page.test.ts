import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { browserMissing, startBrowser } from '../support/browser.ts';
import { composedApp } from '../unit/http/composed-app.ts';

const missing = browserMissing();
if (missing !== undefined) process.stderr.write(`docs-page.test.ts is skipped: ${missing}\n`);

const SCREENSHOTS = '.local/screenshots';

let server: Server;
let browser: Browser;
const { call, routes } = composedApp({});

beforeAll(async () => {
  if (missing !== undefined) return;
  server = createServer((request, response) => {
    void call((request.url ?? '').slice('/api/'.length)).then(({ status, headers, text }) => {
      response.writeHead(status, Object.fromEntries(headers)).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await startBrowser();
}, 60_000);

afterAll(async () => {
  if (missing !== undefined) return;
  await browser.close();
  server.close();
});

test.skipIf(missing !== undefined)('a browser shows every route, asks nobody else and logs no error', { timeout: 60_000 }, async () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${origin}/api/docs`);
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/docs.png` });
  for (const { contract } of routes) {
    expect(await page.locator(`section#${contract.name}`).isVisible(), contract.name).toBe(true);
    expect(await page.locator(`nav a[href="#${contract.name}"]`).count()).toBe(1);
  }
  const isOurs = (url: string): boolean => url.startsWith(origin) && !url.endsWith('favicon.ico');
  expect([complaints, asked.filter((url) => !isOurs(url) && !url.endsWith('favicon.ico'))]).toEqual([[], []]);
  await page.close();
});
