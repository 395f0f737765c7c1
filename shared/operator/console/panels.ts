/** The panels of the console as HTML. Each is a section with an id, so that the page can replace what has changed. */
import { markup, type Html } from '../../platform/http/docs/html.ts';
import { button, type Action } from './action.ts';
import type { ConsoleView, ShownDeadLetter, ShownDrift, ShownOrder, ShownRfi, ShownSubscription } from './view.ts';

type Cell = Html | string | number | undefined;

const section = (id: string, title: string, body: Html): Html =>
  markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`;

const time = (at: string | undefined): Html | undefined =>
  at === undefined ? undefined : markup`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')}</time>`;

const table = (caption: string, heads: readonly string[], rows: readonly (readonly Cell[])[], none: string): Html =>
  rows.length === 0
    ? markup`<p>${none}</p>`
    : markup`<table><caption>${caption}</caption><thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>`)}</tbody></table>`;

const actions = (may: boolean, ...all: Action[]): Html => markup`${may ? all.map(button) : []}`;

const STATES = { running: 'Everything runs', paused: 'Waiting for the gateway', stopped: 'All writes are stopped' } as const;

const statePanel = ({ status: { state, at, stops, budget }, mayChange }: ConsoleView): Html => {
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

const budgetPanel = ({ status: { budget } }: ConsoleView): Html => {
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

const orderRow = ({ id, partnerId, customerId, action, status, percentComplete, counts, waitingFor, createdAt }: ShownOrder): Cell[] => [
  markup`<code>${id}</code>`,
  `${partnerId} / ${customerId}`,
  action,
  markup`<progress max="100" value="${percentComplete}" aria-label="${`order ${id}`}">${percentComplete} %</progress> ${percentComplete} %`,
  `${counts.succeeded} of ${counts.total}${counts.failed > 0 ? `, ${counts.failed} failed` : ''}`,
  waitingFor === undefined ? status : `waiting: ${waitingFor.reason}`,
  time(createdAt),
];

const ordersPanel = ({ orders }: ConsoleView): Html =>
  section(
    'orders',
    'Orders under way',
    table(
      'Orders under way',
      ['Order', 'Partner / customer', 'What', 'Progress', 'Confirmed', 'State', 'Accepted'],
      orders.map(orderRow),
      'No order is under way.',
    ),
  );

const rfiRow =
  (mayChange: boolean) =>
  ({ tenantId, relationship, consentedCountries, assignedPartnerId, updatedAt }: ShownRfi): Cell[] => [
    markup`<code>${tenantId}</code>`,
    relationship?.status,
    consentedCountries.join(' '),
    assignedPartnerId ?? 'nobody',
    time(updatedAt),
    actions(
      mayChange,
      {
        label: 'Accept',
        method: 'POST',
        path: `rfis/${tenantId}/accept`,
        about: tenantId,
        confirm: `Accept the request of tenant ${tenantId}?`,
      },
      {
        label: 'Decline',
        method: 'POST',
        path: `rfis/${tenantId}/decline`,
        about: tenantId,
        ask: { member: 'reason', question: 'Why is it declined? The gateway is told.' },
      },
      {
        label: 'Assign',
        method: 'PUT',
        path: `rfis/${tenantId}/assignment`,
        about: tenantId,
        ask: { member: 'partnerId', question: 'To which partner?' },
      },
    ),
  ];

const rfisPanel = ({ rfis, mayChange, status: { rfiScan } }: ConsoleView): Html =>
  section(
    'rfis',
    'Requests for information',
    markup`<p>Last fetched: ${time(rfiScan.lastFinishedAt) ?? 'not yet'}. ${actions(mayChange, { label: 'Fetch now', method: 'POST', path: 'rfis/sync', about: 'requests for information' })}</p>${table(
      'Requests for information that wait for an answer',
      ['Tenant', 'Relationship', 'Countries', 'Assigned to', 'Changed', ''],
      rfis.map(rfiRow(mayChange)),
      'None waits for an answer.',
    )}`,
  );

const subscriptionRow =
  (mayChange: boolean) =>
  ({ id, partnerId, url, state, failingSince, waiting, retrying }: ShownSubscription): Cell[] => {
    const whose = `?partnerId=${encodeURIComponent(partnerId)}`;
    const about = `${partnerId}, ${id}`;
    return [
      markup`<code>${id}</code>`,
      partnerId,
      url,
      state === 'active' ? 'failing' : state,
      time(failingSince),
      `${waiting} waiting, ${retrying} retrying`,
      actions(
        mayChange,
        ...(state === 'active'
          ? []
          : [{ label: 'Resume', method: 'PATCH' as const, path: `webhook-subscriptions/${id}${whose}`, body: { state: 'active' }, about }]),
        { label: 'Replay', method: 'POST', path: `webhook-subscriptions/${id}/replay${whose}`, body: { only: 'failed' }, about },
        { label: 'Examine', method: 'POST', path: `webhook-subscriptions/${id}/doctor${whose}`, about },
      ),
    ];
  };

const webhooksPanel = ({ subscriptions, mayChange }: ConsoleView): Html =>
  section(
    'webhooks',
    'Deliveries that fail',
    table(
      'Subscriptions whose deliveries fail',
      ['Subscription', 'Partner', 'Endpoint', 'State', 'Failing since', 'Events', ''],
      subscriptions.map(subscriptionRow(mayChange)),
      'All deliveries go well.',
    ),
  );

const stalledPanel = ({ status: { stalledOrders }, mayChange }: ConsoleView): Html =>
  section(
    'stalled',
    'Orders that stand still',
    table(
      'Orders that the gateway has not confirmed for a day',
      ['Order', 'Partner / customer', 'Since', ''],
      stalledOrders.map(({ id, partnerId, customerId, since }): Cell[] => [
        markup`<code>${id}</code>`,
        `${partnerId} / ${customerId ?? ''}`,
        time(since),
        actions(mayChange, {
          label: 'Close',
          method: 'POST',
          path: `operator/operations/${id}/close`,
          about: id,
          ask: { member: 'reason', question: 'Why is it closed? What still waits of it fails.' },
        }),
      ]),
      'None stands still.',
    ),
  );

const letterRow =
  (mayChange: boolean) =>
  ({ messageId, queue, about, reason, buriedAt }: ShownDeadLetter): Cell[] => [
    queue,
    about,
    reason,
    time(buriedAt),
    actions(mayChange, { label: 'Replay', method: 'POST', path: `operator/dead-letters/${messageId}/replay`, about }),
  ];

const lettersPanel = ({ deadLetters, mayChange }: ConsoleView): Html =>
  section(
    'dead-letters',
    'Dead letters',
    table('Wakes that the bus has buried', ['Queue', 'About', 'Reason', 'When', ''], deadLetters.map(letterRow(mayChange)), 'None.'),
  );

const driftRow =
  (mayChange: boolean) =>
  ({ id, kind, partnerId, customerId, telephoneNumber, fields, lastSeenAt }: ShownDrift): Cell[] => {
    const about = `${kind}, ${telephoneNumber ?? customerId}`;
    return [
      kind,
      `${partnerId} / ${customerId}`,
      telephoneNumber,
      fields.map(({ field, ours, upstream }) => `${field}: ours ${ours ?? 'nothing'}, theirs ${upstream ?? 'nothing'}`).join('; '),
      time(lastSeenAt),
      actions(
        mayChange,
        {
          label: 'Take theirs',
          method: 'POST',
          path: `operator/drift/${id}/accept`,
          about,
          confirm: `Take the gateway's state of ${about} for ours?`,
        },
        { label: 'Put ours back', method: 'POST', path: `operator/drift/${id}/reapply`, about, confirm: `Put ours back: ${about}?` },
      ),
    ];
  };

const driftPanel = ({ drift, mayChange, status: { reconcile } }: ConsoleView): Html =>
  section(
    'drift',
    'Differences from the gateway',
    markup`<p>Last compared: ${time(reconcile.lastFinishedAt) ?? 'not yet'}. ${actions(mayChange, { label: 'Compare now', method: 'POST', path: 'operator/reconcile', about: 'everything with the gateway' })}</p>${table(
      'What the gateway holds otherwise',
      ['Kind', 'Partner / customer', 'Number', 'Fields', 'Seen', ''],
      drift.map(driftRow(mayChange)),
      'None is known.',
    )}`,
  );

const timersPanel = ({ status: { timers, due } }: ConsoleView): Html =>
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

const PANELS = [statePanel, budgetPanel, ordersPanel, rfisPanel, webhooksPanel, stalledPanel, lettersPanel, driftPanel, timersPanel];

/** All panels, one section after the other. */
export const panelsHtml = (view: ConsoleView): string => PANELS.map((panel) => panel(view).html).join('\n');
