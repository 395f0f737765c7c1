/** Debian's Chromium, headless, without a request to anybody else; tests that need it say loudly when there is none. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executablePath = process.env['CHROMIUM'] ?? PATHS.find((path) => existsSync(path));

/** Why browser tests cannot run, or undefined when they can. Throws where they must (`REQUIRE_BROWSER`). */
export const browserMissing = (): string | undefined => {
  if (executablePath !== undefined) return undefined;
  if (process.env['REQUIRE_BROWSER']) throw new Error('REQUIRE_BROWSER is set and there is no Chromium');
  return 'no Chromium on this machine (set CHROMIUM to its path)';
};

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), headless: true, args: FLAGS });
