/** The panels of the console as HTML. Each is a section with an id, so that the page can replace what has changed. */
import { budgetPanel, statePanel, timersPanel } from './service-panels.ts';
import { driftPanel, lettersPanel, stalledPanel, webhooksPanel } from './trouble-panels.ts';
import type { ConsoleView } from './view.ts';
import { ordersPanel, rfisPanel } from './work-panels.ts';

const PANELS = [statePanel, budgetPanel, ordersPanel, rfisPanel, webhooksPanel, stalledPanel, lettersPanel, driftPanel, timersPanel];

/** All panels, one section after the other. */
export const panelsHtml = (view: ConsoleView): string => PANELS.map((panel) => panel(view).html).join('\n');
