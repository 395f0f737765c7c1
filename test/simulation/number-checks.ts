/** Judges what was told of single numbers: each that ended once, with its verdict and before the end of its order, to those who asked for it and nobody else. */
import type { LaneEvent } from '../../shared/platform/lanes/lane.ts';
import type { LogEvent } from '../../shared/webhooks/model.ts';
import type { Target } from './subscriptions.ts';

/** What became of one number of an order. */
export type NumberEnd = { partner: string; customerId: string; orderId: string; telephoneNumber: string; type: string };

const ENDS_OF_ORDERS = new Set([
  'number_order.succeeded',
  'number_order.partially_succeeded',
  'number_order.failed',
  'number_order.canceled',
]);

type Told = { sequence: number; type: string; orderId: string; telephoneNumber: string };

const toldIn = (events: readonly LogEvent[]): Told[] =>
  events.map(({ sequence, type, body }) => {
    const { orderId = '', telephoneNumber = '' } = (JSON.parse(body) as { data: { orderId?: string; telephoneNumber?: string } }).data;
    return { sequence, type, orderId, telephoneNumber };
  });

/** Told under the name of its order, as nothing else is. */
export const isOfNumber = ({ type }: { type: string }): boolean => type.startsWith('number.');
/** The lane's own note of several, which is told of as each of them. */
export const isOfNumbers = ({ type }: LaneEvent): boolean => type === 'numbers.ended';

const nameOf = ({ type, orderId, telephoneNumber }: Pick<Told, 'type' | 'orderId' | 'telephoneNumber'>): string =>
  `${type} ${telephoneNumber} of ${orderId}`;

const wantsNumber = ({ detail, eventTypes, customerIds }: Target, { type, customerId }: NumberEnd): boolean =>
  detail === 'number' &&
  (eventTypes.includes('*') || eventTypes.includes(type)) &&
  (customerIds.length === 0 || customerIds.includes(customerId));

/** `target` is undefined for the partner's built-in log, in which no number of an order stands. */
export const numberViolations = (
  id: string,
  target: Target | undefined,
  events: readonly LogEvent[],
  ends: readonly NumberEnd[],
): string[] => {
  const wanted = target ? ends.filter((end) => end.partner === target.partnerId && wantsNumber(target, end)) : [];
  const told = toldIn(events);
  const names = told.filter(isOfNumber).map(nameOf);
  const expected = new Set(wanted.map(nameOf));
  const endOf = new Map(told.filter(({ type }) => ENDS_OF_ORDERS.has(type)).map(({ orderId, sequence }) => [orderId, sequence]));
  const late = told.filter((one) => isOfNumber(one) && one.sequence > (endOf.get(one.orderId) ?? Number.POSITIVE_INFINITY));
  return [
    ...[...expected].filter((name) => !names.includes(name)).map((name) => `log ${id} was never told: ${name}`),
    ...names.filter((name) => !expected.has(name)).map((name) => `log ${id} was told, but should not be: ${name}`),
    ...names.filter((name, n) => names.indexOf(name) !== n).map((name) => `log ${id} was told twice: ${name}`),
    ...late.map((one) => `log ${id} was told after the end of the order: ${nameOf(one)}`),
  ];
};

/** Nobody notes numbers for partners who do not ask for them. */
export const needlessNotes = (targets: readonly Target[], events: readonly LaneEvent[]): string[] => {
  const asks = (partner: string): boolean => targets.some(({ partnerId, detail }) => partnerId === partner && detail === 'number');
  return events.filter((event) => isOfNumbers(event) && !asks(event.partner)).map(({ id }) => `${id} was noted for nobody`);
};
