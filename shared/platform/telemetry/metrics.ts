/** Pure: every metric of this app: its name, what kind it is and what it may be divided by. Alerts in infra/modules/alerts.bicep name them. */

/** `sum`: how often. `last`: the value now. `spread`: how values are distributed. */
export type MetricKind = 'sum' | 'last' | 'spread';
export type MetricNote = { kind: MetricKind; unit: string; description: string; attributes: readonly string[] };

export const METRICS = {
  'acg.budget.used': {
    kind: 'last',
    unit: '{request}',
    description: 'Requests to the gateway that count against the limit at this moment.',
    attributes: [],
  },
  'acg.upstream.requests': {
    kind: 'sum',
    unit: '{request}',
    description: 'Requests to the gateway, by answer.',
    attributes: ['method', 'status'],
  },
  'acg.upstream.duration_ms': { kind: 'spread', unit: 'ms', description: 'How long the gateway took to answer.', attributes: ['method'] },
  'acg.operations.ended': {
    kind: 'sum',
    unit: '{operation}',
    description: 'Operations that ended, by end.',
    attributes: ['kind', 'state'],
  },
  'acg.operations.lag_ms': {
    kind: 'spread',
    unit: 'ms',
    description: 'From accepting an operation to its end.',
    attributes: ['kind', 'state'],
  },
  'acg.operations.stalled': { kind: 'sum', unit: '{operation}', description: 'Operations pending for a day.', attributes: ['kind'] },
  'acg.due.oldest_s': { kind: 'last', unit: 's', description: 'How late the oldest due row is; 0 when none is late.', attributes: [] },
  'acg.webhooks.deliveries': {
    kind: 'sum',
    unit: '{delivery}',
    description: 'Tries of webhook deliveries, by outcome.',
    attributes: ['outcome'],
  },
  'acg.webhooks.lag_ms': { kind: 'spread', unit: 'ms', description: 'From an event to its delivery.', attributes: [] },
  'acg.webhooks.pending': {
    kind: 'spread',
    unit: '{event}',
    description: 'Events of a subscription that are not delivered when a run of deliveries ends.',
    attributes: [],
  },
  'acg.webhooks.undelivered_s': {
    kind: 'spread',
    unit: 's',
    description: 'How old the oldest event was that a run of deliveries tried in vain; 0 when there was none.',
    attributes: [],
  },
  'acg.webhooks.disabled': { kind: 'sum', unit: '{subscription}', description: 'Subscriptions that were disabled.', attributes: [] },
} as const satisfies Record<string, MetricNote>;

export type MetricName = keyof typeof METRICS;
export type Attributes = Readonly<Record<string, string | number | boolean>>;
/** Notes one value; attributes that the metric does not have are dropped. Never throws. */
export type Measure = (name: MetricName, value: number, attributes?: Attributes) => void;
