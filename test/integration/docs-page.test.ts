import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { browserMissing, startBrowser } from '../support/browser.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';
import { composedApp } from '../unit/http/composed-app.ts';

const missing = browserMissing();
if (missing !== undefined) process.stderr.write(`docs-page.test.ts is skipped: ${missing}\n`);

const SCREENSHOTS = '.local/screenshots';

let served: ServedApp;
let browser: Browser;
const { call, routes } = composedApp({});

beforeAll(async () => {
  if (missing !== undefined) return;
  served = await serveApp(call);
  browser = await startBrowser();
}, 60_000);

afterAll(async () => {
  if (missing !== undefined) return;
  await browser.close();
  served.close();
});

test.skipIf(missing !== undefined)('a browser shows every route, asks nobody else and logs no error', { timeout: 60_000 }, async () => {
  const { origin } = served;
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
