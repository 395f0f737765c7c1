/** All queues by name, with their dead-letter queues and what forwards to what. */
import type { Clock } from '../../lib/clock.ts';
import { Alarms } from './alarms.ts';
import type { NewMessage } from './message.ts';
import { DEAD_LETTER_DESCRIPTION, DEAD_LETTER_REASON, Queue, type QueueCounts, type QueueSettings, type SavedQueue } from './queue.ts';

export type EntitySettings = QueueSettings & {
  /** Name of the queue that takes every message instead; empty for none. */
  forwardTo: string;
  forwardDeadLetteredTo: string;
};

export type Entity = { settings: EntitySettings; queue: Queue; deadLetters: Queue };
export type SavedNamespace = Record<string, { queue: SavedQueue; deadLetters: SavedQueue }>;
export type NamespaceOptions = { entities: readonly EntitySettings[]; clock: Clock; newLockToken: () => string };

/** Matched without regard to case, as entity names are. */
const DEAD_LETTER_SUFFIX = '/$deadletterqueue';
/** Azure's limit on how many queues in a row may forward one message. */
const MAX_FORWARD_HOPS = 4;

export class Namespace {
  readonly #entities = new Map<string, Entity>();
  readonly #alarms: Alarms;
  readonly #options: NamespaceOptions;

  constructor(options: NamespaceOptions) {
    this.#options = options;
    this.#alarms = new Alarms(options.clock);
    for (const settings of options.entities) this.#entities.set(settings.name.toLowerCase(), this.#create(settings));
  }

  /** The queue at an address such as `name` or `name/$DeadLetterQueue`. */
  find(address: string): { entity: Entity; queue: Queue } | undefined {
    const lower = address.toLowerCase();
    const dead = lower.endsWith(DEAD_LETTER_SUFFIX);
    const entity = this.#entities.get(dead ? lower.slice(0, -DEAD_LETTER_SUFFIX.length) : lower);
    return entity && { entity, queue: dead ? entity.deadLetters : entity.queue };
  }

  entities(): Entity[] {
    return [...this.#entities.values()];
  }

  /** Counts by queue name. */
  counts(): Record<string, QueueCounts & { deadLetter: number }> {
    return Object.fromEntries(
      this.entities().map(({ settings, queue, deadLetters }) => {
        const dead = deadLetters.counts();
        return [settings.name, { ...queue.counts(), deadLetter: dead.active + dead.deferred }];
      }),
    );
  }

  /** Everything that outlives a restart, by queue name. */
  save(): SavedNamespace {
    return Object.fromEntries(
      this.entities().map(({ settings, queue, deadLetters }) => [settings.name, { queue: queue.save(), deadLetters: deadLetters.save() }]),
    );
  }

  /** Takes up where another left off; a queue that is no longer configured is forgotten. */
  load(saved: SavedNamespace): void {
    for (const { settings, queue, deadLetters } of this.entities()) {
      const entry = saved[settings.name];
      if (!entry) continue;
      deadLetters.load(entry.deadLetters);
      queue.load(entry.queue);
    }
  }

  /** Stops all alarms; nothing moves by itself afterwards. */
  close(): void {
    this.#alarms.close();
  }

  #create(settings: EntitySettings): Entity {
    const effects = { clock: this.#options.clock, alarms: this.#alarms, newLockToken: this.#options.newLockToken };
    const deadLetters = new Queue(toDeadLetterSettings(settings), { ...effects, deadLetter: undefined, forward: undefined });
    const toDead = (message: NewMessage): void => {
      const { forwardDeadLetteredTo } = settings;
      if (forwardDeadLetteredTo === '') deadLetters.send([message]);
      else this.#forward(forwardDeadLetteredTo, message, deadLetters);
    };
    const forward = settings.forwardTo === '' ? undefined : (m: NewMessage): void => this.#forward(settings.forwardTo, m, deadLetters);
    return { settings, queue: new Queue(settings, { ...effects, deadLetter: toDead, forward }), deadLetters };
  }

  #forward(target: string, message: NewMessage, deadLetters: Queue): void {
    const hops = (message.hops ?? 0) + 1;
    const entity = this.#entities.get(target.toLowerCase());
    const sent = entity && hops <= MAX_FORWARD_HOPS ? entity.queue.send([{ ...message, hops }]).kind === 'sent' : false;
    if (!sent) deadLetters.send([{ ...message, changes: { ...message.changes, ...whyNotForwarded(hops) } }]);
  }
}

const whyNotForwarded = (hops: number): Record<string, string> => ({
  [DEAD_LETTER_REASON]: hops > MAX_FORWARD_HOPS ? 'MaxTransferHopCountExceeded' : 'AutoForwardingFailed',
  [DEAD_LETTER_DESCRIPTION]: 'The message could not be forwarded.',
});

/** A dead-letter queue never expires, counts or dead-letters anything, and knows no sessions. */
const toDeadLetterSettings = (settings: QueueSettings): QueueSettings => ({
  name: `${settings.name}/$DeadLetterQueue`,
  lockDurationMs: settings.lockDurationMs,
  maxDeliveryCount: Infinity,
  defaultTtlMs: Infinity,
  duplicateWindowMs: 0,
  requiresSession: false,
  deadLetterOnExpiration: false,
});
