/** The panels of what needs somebody: deliveries that fail, orders that stand still, dead letters, differences from the gateway. */
import type { AttentionItem } from '../attention.ts';
import { markup, type Html } from '../../platform/http/docs/html.ts';
import { actions, section, table, time, type Cell } from './blocks.ts';
import type { ConsoleView, ShownDeadLetter, ShownDrift, ShownSubscription } from './view.ts';

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

export const webhooksPanel = ({ subscriptions, mayChange }: ConsoleView): Html =>
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

const stalledCells = ({ id, partnerId, customerId, since }: AttentionItem): Cell[] => [
  markup`<code>${id}</code>`,
  customerId === undefined ? partnerId : `${partnerId} / ${customerId}`,
  time(since),
];

export const stalledPanel = ({ status: { stalledOrders, stalledOperations }, mayChange }: ConsoleView): Html =>
  section(
    'stalled',
    'What stands still',
    markup`${table(
      'Orders that the gateway has not confirmed for a day',
      ['Order', 'Partner / customer', 'Since', ''],
      stalledOrders.map((order): Cell[] => [
        ...stalledCells(order),
        actions(mayChange, {
          label: 'Close',
          method: 'POST',
          path: `operator/operations/${order.id}/close`,
          about: order.id,
          ask: { member: 'reason', question: 'Why is it closed? What still waits of it fails.' },
        }),
      ]),
      'No order stands still.',
    )}${table(
      'Changes of customers and answers to requests for information that have not come true for a day',
      ['Operation', 'Partner / customer', 'Since'],
      stalledOperations.map(stalledCells),
      'No other change stands still.',
    )}`,
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

export const lettersPanel = ({ deadLetters, mayChange }: ConsoleView): Html =>
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

export const driftPanel = ({ drift, mayChange, status: { reconcile } }: ConsoleView): Html =>
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
