/** A process that appends events to one partner's logs until all are in, one line of progress a group: to be killed at any moment. */
import { azureRowStore } from '../../shared/platform/tables/azure-row-store.ts';
import { tableClient } from '../../shared/platform/tables/client.ts';
import { systemClock } from '../../shared/platform/time/clock.ts';
import { AppendContention, makeAppendEvents } from '../../shared/webhooks/append.ts';
import { subscriptionStore } from '../../shared/webhooks/subscription-store.ts';
import { published } from '../unit/webhooks/log-world.ts';

const [connectionString = '', firstText = '', countText = '', groupText = ''] = process.argv.slice(2);
const [first, count, group] = [Number(firstText), Number(countText), Number(groupText)];
const tables = { connectionString };
const append = makeAppendEvents({
  subscriptions: subscriptionStore(azureRowStore(tableClient(tables, 'Subscriptions'))),
  state: azureRowStore(tableClient(tables, 'State')),
  clock: systemClock,
  wake: () => Promise.resolve(),
});

const events = Array.from({ length: count }, (_, n) => published(first + n));
for (let at = 0; at < count;) {
  try {
    await append('acme', events.slice(at, at + group));
    at += group;
    process.stdout.write(`${at}\n`);
  } catch (error) {
    // As the publisher does: its due row brings it back.
    if (!(error instanceof AppendContention)) throw error;
  }
}
