/** The panels of what is under way: orders, and requests for information that wait for an answer. */
import { markup, type Html } from '../../platform/http/docs/html.ts';
import { actions, section, table, time, type Cell } from './blocks.ts';
import type { ConsoleView, ShownOrder, ShownRfi } from './view.ts';

const orderRow = ({ id, partnerId, customerId, action, status, percentComplete, counts, waitingFor, createdAt }: ShownOrder): Cell[] => [
  markup`<code>${id}</code>`,
  `${partnerId} / ${customerId}`,
  action,
  markup`<progress max="100" value="${percentComplete}" aria-label="${`order ${id}`}">${percentComplete} %</progress> ${percentComplete} %`,
  `${counts.succeeded} of ${counts.total}${counts.failed > 0 ? `, ${counts.failed} failed` : ''}`,
  waitingFor === undefined ? status : `waiting: ${waitingFor.reason}`,
  time(createdAt),
];

export const ordersPanel = ({ orders }: ConsoleView): Html =>
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

export const rfisPanel = ({ rfis, mayChange, status: { rfiScan } }: ConsoleView): Html =>
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
