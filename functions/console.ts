/** Gathers what the operator console shows from the use cases that other routes are made of. */
import { fromCustomerLane } from '../shared/customers/names.ts';
import type { ConsoleView, ShownOrder, ShownRfi, ShownSubscription } from '../shared/operator/console/view.ts';
import type { DeadLetters } from '../shared/operator/dead-letters.ts';
import { firstOwners, type ReadAllDue } from '../shared/operator/due-work.ts';
import type { GetStatus, StatusBody } from '../shared/operator/status.ts';
import type { ListOrders } from '../shared/orders/list-orders.ts';
import type { ListDrift } from '../shared/operations/reconcile/list-drift.ts';
import { ENDED_STATES } from '../shared/orders/model.ts';
import { AppError } from '../shared/platform/errors/app-error.ts';
import { isDefined } from '../shared/platform/values/defined.ts';
import type { ListRfis } from '../shared/rfis/list.ts';
import type { ReadDeliveryStanding } from '../shared/webhooks/delivery-standing.ts';
import type { ManageSubscriptions } from '../shared/webhooks/manage-subscriptions.ts';
import { consoleUses, type ConsoleUses } from './http/operator-console.ts';

export type ConsoleParts = {
  readAllDue: ReadAllDue;
  getStatus: GetStatus;
  listOrders: ListOrders;
  listRfis: ListRfis;
  /** The words for relationships that are answers. */
  answered: readonly string[];
  readSubscription: ManageSubscriptions['get'];
  readDeliveryStanding: ReadDeliveryStanding;
  deadLetters: Pick<DeadLetters, 'list'>;
  listDrift: ListDrift;
};

/** As many as one look takes in. */
const MAX_SHOWN = 20;
const ORDERS_A_CUSTOMER = 5;
const MAX_RFIS_READ = 1_000;

const readOrders = async ({ listOrders }: ConsoleParts, lanes: readonly string[]): Promise<ShownOrder[]> => {
  const places = lanes.map(fromCustomerLane).filter(isDefined);
  const found = await Promise.all(
    places.map(async ({ partner, customerId }) => {
      const { body } = await listOrders(partner, { customerId, maxpagesize: ORDERS_A_CUSTOMER });
      return body.value.filter(({ status }) => !ENDED_STATES.includes(status)).map((order) => ({ ...order, partnerId: partner }));
    }),
  );
  return found.flat();
};

const readRfis = async ({ listRfis, answered }: ConsoleParts): Promise<ShownRfi[]> => {
  const page = await listRfis({ seesContacts: false }, { maxpagesize: MAX_RFIS_READ });
  if (page instanceof AppError) throw page;
  const waits = page.body.value.filter(
    ({ status, relationship }) => status !== 'removed' && !answered.includes(relationship?.status ?? ''),
  );
  return waits.slice(0, MAX_SHOWN);
};

const readSubscriptions = async (
  { readSubscription, readDeliveryStanding }: ConsoleParts,
  atWork: readonly string[],
  disabled: StatusBody['disabledSubscriptions'],
): Promise<ShownSubscription[]> => {
  const standings = await Promise.all(atWork.map(async (id) => ({ id, ...(await readDeliveryStanding(id)) })));
  const failing = standings.filter(({ isFailing }) => isFailing);
  const all = new Map(
    [...disabled, ...failing].flatMap(({ id, partnerId }) => (partnerId === undefined ? [] : [[id, partnerId] as const])),
  );
  return Promise.all(
    [...all].map(async ([id, partnerId]) => {
      const { url, state, delivery } = await readSubscription(partnerId, id);
      const { failingSince, waiting = 0, retrying = 0 } = delivery ?? {};
      return { id, partnerId, url: url === undefined ? undefined : new URL(url).host, state, failingSince, waiting, retrying };
    }),
  );
};

const readLetters = async ({ deadLetters }: ConsoleParts): Promise<ConsoleView['deadLetters']> => {
  const { body } = await deadLetters.list({ maxpagesize: MAX_SHOWN });
  const waiting = body.value.filter(({ replayedAt }) => replayedAt === undefined);
  const wordOf = (about: (typeof waiting)[number]['about']): string =>
    about.kind === 'lane' ? about.lane : about.kind === 'subscription' ? about.subscriptionId : 'unknown';
  return waiting.map(({ messageId, queue, reason, about, buriedAt }) => ({ messageId, queue, reason, about: wordOf(about), buriedAt }));
};

const readDrift = async ({ listDrift }: ConsoleParts): Promise<ConsoleView['drift']> => {
  const page = await listDrift({ status: 'open', maxpagesize: MAX_SHOWN });
  if (page instanceof AppError) throw page;
  return page.value;
};

export const makeConsole = (parts: ConsoleParts): ConsoleUses =>
  consoleUses(async (mayChange) => {
    const due = await parts.readAllDue();
    const { body: status } = await parts.getStatus(due);
    const [orders, rfis, subscriptions, deadLetters, drift] = await Promise.all([
      readOrders(parts, firstOwners(due.lanes, MAX_SHOWN)),
      readRfis(parts),
      readSubscriptions(parts, firstOwners(due.logs, MAX_SHOWN), status.disabledSubscriptions),
      readLetters(parts),
      readDrift(parts),
    ]);
    return { status, mayChange, orders, rfis, subscriptions, deadLetters, drift };
  });
