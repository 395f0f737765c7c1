/** Watches every committed transaction of the logs: what was ever appended, removed and recorded, whatever is left of it in the end. */
import type { RowStore, RowWrite } from '../../shared/platform/tables/row-store.ts';
import type { AttemptsRow, LogEvent, LogHead, Notice, SubscriptionState } from '../../shared/webhooks/model.ts';

/** A replay as it was begun: `failed` are those events that nothing but a replay sends again. */
export type SeenReplay = { id: string; fromMs: number; failed: readonly LogEvent[]; isOver: boolean };

export type LogHistory = {
  /** In the order of their commits, until the log was deleted. */
  appended: LogEvent[];
  removed: { event: LogEvent; atMs: number }[];
  states: { atMs: number; state: SubscriptionState }[];
  notices: Map<string, Notice>;
  replays: SeenReplay[];
  head?: LogHead;
};

type Kept = LogHistory & { rows: Map<number, LogEvent>; lastDelivered: Map<number, boolean> };

export type LogWatch = { store: RowStore; historyOf: (subscriptionId: string) => LogHistory };

const emptyHistory = (): Kept => ({
  appended: [],
  removed: [],
  states: [],
  notices: new Map(),
  replays: [],
  rows: new Map(),
  lastDelivered: new Map(),
});

const isDeleted = ({ head }: Kept): boolean => head?.state === 'deleted';
const valueOf = (write: RowWrite): unknown => (write.kind === 'delete' ? undefined : write.value);

/** What only a replay brings back: given up, or not wanted then. */
const failedIn = ({ rows }: Kept, head: LogHead): LogEvent[] => {
  const { cursor = 0, through = 0 } = head.replay ?? {};
  const open = new Set(head.open.map(({ sequence }) => sequence));
  const isFailed = ({ sequence, state }: LogEvent): boolean =>
    (state === 'aborted' || state === 'undelivered') && !open.has(sequence) && sequence > cursor && sequence <= through;
  return [...rows.values()].filter(isFailed);
};

export const watchLogs = (store: RowStore, now: () => number, report: (violation: string) => void): LogWatch => {
  const histories = new Map<string, Kept>();
  const kept = (id: string): Kept => {
    const history = histories.get(id) ?? emptyHistory();
    histories.set(id, history);
    return history;
  };

  const noteReplay = (history: Kept, before: LogHead | undefined, after: LogHead): void => {
    const { replay } = after;
    if (replay && replay.id !== before?.replay?.id)
      history.replays.push({ id: replay.id, fromMs: now(), failed: failedIn(history, after), isOver: false });
    const last = history.replays.at(-1);
    if (last && !replay) last.isOver = true;
    const moved =
      before?.replay?.only === 'failed' && replay?.cursor !== before.replay.cursor && before.replay.id === (replay ?? before.replay).id;
    if (!moved) return;
    const opened = after.open.filter(
      ({ sequence }) => sequence <= before.reached && !before.open.some((open) => open.sequence === sequence),
    );
    for (const { sequence } of opened)
      if (history.lastDelivered.get(sequence)) report(`a replay of failed events in ${after.subscriptionId} sends ${sequence} again`);
  };

  const noteHead = (history: Kept, head: LogHead | undefined): void => {
    if (!head || isDeleted(history)) return;
    const before = history.head;
    if (head.state !== before?.state) history.states.push({ atMs: now(), state: head.state });
    for (const notice of head.notices) history.notices.set(notice.id, notice);
    noteReplay(history, before, head);
    history.head = head;
  };

  const noteEvent = (history: Kept, key: string, event: LogEvent | undefined): void => {
    const sequence = Number(key.split('|')[2]);
    const old = history.rows.get(sequence);
    if (event) {
      if (!old) history.appended.push(event);
      history.rows.set(sequence, event);
    } else if (old) {
      history.removed.push({ event: old, atMs: now() });
      history.rows.delete(sequence);
    }
  };

  const noteAttempts = (history: Kept, row: AttemptsRow | undefined): void => {
    for (const { sequence, delivered } of row?.attempts ?? []) history.lastDelivered.set(sequence, delivered);
  };

  const note = (write: RowWrite): void => {
    const [kind = '', id = ''] = write.key.split('|');
    if (!['ev', 'try', 'head'].includes(kind)) return;
    const history = kept(id);
    if (isDeleted(history)) return;
    if (kind === 'ev') noteEvent(history, write.key, valueOf(write) as LogEvent | undefined);
    if (kind === 'try') noteAttempts(history, valueOf(write) as AttemptsRow | undefined);
    if (kind === 'head') noteHead(history, valueOf(write) as LogHead | undefined);
  };

  return {
    historyOf: kept,
    store: {
      ...store,
      commit: async (partition, writes) => {
        const result = await store.commit(partition, writes);
        if (result.outcome === 'committed') for (const write of writes) note(write);
        return result;
      },
    },
  };
};
