/** GET /operator/console and its panels: the service on one page, for operators. */
import { z } from 'zod';
import { CONSOLE_PAGE, CONSOLE_POLICY } from '../../shared/operator/console/page.ts';
import { panelsHtml } from '../../shared/operator/console/panels.ts';
import type { ConsoleView } from '../../shared/operator/console/view.ts';
import type { Principal } from '../../shared/partners/model.ts';
import { defineRoute, type UseCase } from '../../shared/platform/http/contract.ts';

export const getConsole = defineRoute({
  name: 'getConsole',
  method: 'GET',
  path: 'operator/console',
  role: 'anonymous',
  summary: 'The operator console',
  description:
    'A page for browsers, which shows nothing by itself: it asks for an access token, or takes it from the address (`#token=…`), and reads the ' +
    'panels with it.',
  produces: 'text/html',
  examples: {},
  success: { 200: z.string() },
});

export const getConsolePanels = defineRoute({
  name: 'getConsolePanels',
  method: 'GET',
  path: 'operator/console/panels',
  role: 'Operator.Read',
  summary: 'What the operator console shows',
  description:
    'State and budget, orders under way, requests for information that wait, deliveries that fail, orders that stand still, dead letters and ' +
    'timers, as HTML. With Operator.Admin, also buttons.',
  produces: 'text/html',
  examples: {},
  success: { 200: z.string() },
});

export type ConsoleUses = {
  getConsole: UseCase<typeof getConsole, Principal>;
  getConsolePanels: UseCase<typeof getConsolePanels, Principal>;
};

export const consoleUses = (readView: (mayChange: boolean) => Promise<ConsoleView>): ConsoleUses => ({
  getConsole: () => ({ body: '', text: CONSOLE_PAGE, headers: { 'Content-Security-Policy': CONSOLE_POLICY } }),
  getConsolePanels: async ({ principal }) => ({
    body: '',
    text: panelsHtml(await readView(principal.roles.includes('Operator.Admin'))),
  }),
});
