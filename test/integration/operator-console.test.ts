import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browserMissing, startBrowser } from '../support/browser.ts';
import { serveApp, type ServedApp } from '../support/served-app.ts';
import { consoleWorld } from '../unit/http/console-world.ts';

const missing = browserMissing();
if (missing !== undefined) process.stderr.write(`operator-console.test.ts is skipped: ${missing}\n`);

const SCREENSHOTS = '.local/screenshots';

let served: ServedApp;
let browser: Browser;
let world: Awaited<ReturnType<typeof consoleWorld>>;

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await consoleWorld();
  served = await serveApp(world.app.call);
  browser = await startBrowser();
}, 60_000);

afterAll(async () => {
  if (missing !== undefined) return;
  await browser.close();
  served.close();
});

const origin = (): string => served.origin;
const complaints: string[] = [];
const asked: string[] = [];

const open = async (hash = ''): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${origin()}/api/operator/console${hash}`);
  return page;
};

test.skipIf(missing !== undefined)(
  'an operator signs in, sees what goes on, and replays a failing webhook by keyboard',
  { timeout: 60_000 },
  async () => {
    const page = await open();
    await page.getByLabel('Access token of an operator').fill('operator.x.y');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Orders under way' }).waitFor();
    expect(await page.getByRole('progressbar', { name: `order ${world.orderId}` }).isVisible()).toBe(true);
    expect(await page.getByRole('img', { name: /requests of the last minute/ }).isVisible()).toBe(true);
    await mkdir(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: `${SCREENSHOTS}/console.png` });

    const replay = page.getByRole('button', { name: `Replay: acme, ${world.failing}` });
    await replay.focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('status')
      .filter({ hasText: `Replay: acme, ${world.failing} — done.` })
      .waitFor();
    expect(await page.evaluate<string>('document.activeElement.getAttribute("aria-label")')).toContain('Replay: acme');

    page.once('dialog', (dialog) => void dialog.accept('maintenance'));
    await page.getByRole('button', { name: /^Stop all writes/ }).click();
    await page.getByText('All writes are stopped').waitFor();
    await page.getByRole('button', { name: 'Go on: all' }).click();
    await page.getByText('Everything runs').waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Access token of an operator').waitFor();
    expect(await page.getByText('contoso').count()).toBe(0);
    await page.close();
  },
);

test.skipIf(missing !== undefined)(
  'a link with a token opens it at once and is gone from the address; a partner is refused',
  { timeout: 60_000 },
  async () => {
    const page = await open('#token=reader.x.y');
    await page.getByRole('heading', { name: 'Orders under way' }).waitFor();
    expect(page.url()).toBe(`${origin()}/api/operator/console`);
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    await page.close();
    const refused = await open('#token=acme.x.y');
    await refused.getByRole('status').filter({ hasText: 'InsufficientRole' }).waitFor();
    await refused.close();
  },
);

test.skipIf(missing !== undefined)('the page asks nobody else and logs nothing but the refusals that it was shown', () => {
  expect(asked.filter((url) => !url.startsWith(origin()) && !url.startsWith('data:'))).toEqual([]);
  expect(complaints.filter((complaint) => !complaint.includes('status of 403'))).toEqual([]);
});
