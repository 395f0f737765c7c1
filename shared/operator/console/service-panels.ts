/** The panels that tell how the service itself stands: its stops, its budget, its timers. */
import { markup, type Html } from '../../platform/http/docs/html.ts';
import type { Action } from './action.ts';
import { actions, section, table, time, type Cell } from './blocks.ts';
import type { ConsoleView } from './view.ts';

const STATES = { running: 'Everything runs', paused: 'Waiting for the gateway', stopped: 'All writes are stopped' } as const;

export const statePanel = ({ status: { state, at, stops, budget }, mayChange }: ConsoleView): Html => {
  const halt: Action = {
    label: 'Stop all writes',
    method: 'PUT',
    path: 'operator/stops/all',
    ask: { member: 'reason', question: 'Why are all writes stopped?' },
    about: 'nothing is sent to the gateway until they go on',
  };
  const rows = stops.map(({ id, reason, since }): Cell[] => [
    id,
    reason,
    time(since),
    actions(mayChange, { label: 'Go on', method: 'DELETE', path: `operator/stops/${id}`, about: id }),
  ]);
  return section(
    'state',
    'State',
    markup`<p class="state ${state}"><strong>${STATES[state]}</strong>${budget.pausedUntil === undefined ? undefined : markup` until ${time(budget.pausedUntil)}`} <small>as of ${time(at)}</small></p>
${table('Stops', ['Stopped', 'Why', 'Since', ''], rows, 'Nothing is stopped.')}${stops.some(({ id }) => id === 'all') ? undefined : actions(mayChange, halt)}`,
  );
};

const CLASSES = ['interactive', 'orders', 'polls', 'background'] as const;
const GRAPH = { width: 600, height: 32 } as const;

export const budgetPanel = ({ status: { budget } }: ConsoleView): Html => {
  const { limitPerMinute, used, usedBy } = budget;
  const scale = GRAPH.width / Math.max(1, limitPerMinute);
  let x = 0;
  const bars = CLASSES.map((name) => {
    const width = usedBy[name] * scale;
    const bar = markup`<rect class="${name}" x="${Math.round(x)}" y="0" width="${Math.round(width)}" height="${GRAPH.height}"></rect>`;
    x += width;
    return bar;
  });
  const words = `${used} of ${limitPerMinute} requests of the last minute: ${CLASSES.map((name) => `${usedBy[name]} ${name}`).join(', ')}`;
  return section(
    'budget',
    'Budget',
    markup`<svg role="img" aria-label="${words}" viewBox="0 0 ${GRAPH.width} ${GRAPH.height}" preserveAspectRatio="none"><rect class="free" width="${GRAPH.width}" height="${GRAPH.height}"></rect>${bars}</svg><p>${words}.</p>`,
  );
};

export const timersPanel = ({ status: { timers, due } }: ConsoleView): Html =>
  section(
    'timers',
    'Timers and what is due',
    markup`<p>${due.total} due${due.oldestAt === undefined ? '' : ', the oldest since '}${time(due.oldestAt)}.</p>${table(
      'When each timer last ran',
      ['Timer', 'Began', 'Ended', 'How'],
      timers.map(({ timer, startedAt, finishedAt, failed }): Cell[] => [
        timer,
        time(startedAt),
        time(finishedAt),
        failed ? 'failed' : 'well',
      ]),
      'None has run yet.',
    )}`,
  );
