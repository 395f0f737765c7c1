/** Judges a world at rest against the laws: what was accepted, what upstream really held, and what partners were told. */
import { segmentId } from '../../shared/operations/verdict.ts';
import { errorOf, stateOf } from '../../shared/operations/segment.ts';
import type { AccountLane, Operation, Segment } from '../../shared/operations/model.ts';
import type { LaneEvent } from '../../shared/platform/lanes/lane.ts';
import { isTerminal } from '../../shared/operations/verdict.ts';
import { MEMORY_MS } from '../../shared/operations/stop-gate.ts';
import { stopIdsOver } from '../../shared/operations/stops.ts';
import { lanePartition } from '../../shared/platform/tables/keys.ts';
import type { MemoryRowStore } from '../fakes/memory-row-store.ts';
import { contentOf, followedBy, fulfils, type Json } from './account-content.ts';
import { RELEASED, REMOVED, type UpstreamModel } from './upstream-view.ts';
import type { Stopped } from './actions.ts';
import { SEND_DEADLINE_MS, type Bugs } from './host.ts';
import { gatewayEvents, gatewayViolations } from './gateway-checks.ts';
import { indexViolations, knownNumbers } from './index-checks.ts';
import { partnerOf } from './names.ts';
import { isOfNumbers, type NumberEnd } from './number-checks.ts';
import { wantedTag } from './own-content.ts';
import { MAX_SKEW_MS } from './process.ts';
import { toldTo, webhookViolations, type WebhookEvidence } from './webhook-checks.ts';
import type { Submitted, Workload } from './workload.ts';

export type Evidence = WebhookEvidence & {
  numberIndex: MemoryRowStore;
  upstream: UpstreamModel;
  submitted: Submitted[];
  workload: Workload;
  stopped: Stopped[];
  bugs: Bugs;
};

type LaneRows = { lane: AccountLane; operations: Operation[]; segments: Map<string, Segment>; events: LaneEvent[]; left: string[] };

const readLane = (state: MemoryRowStore, name: string): LaneRows | undefined => {
  const rows = state.all(lanePartition(name)).filter((row) => row.key.split('|').includes(name) || row.key.startsWith('due|'));
  const of = <T>(kind: string): T[] => rows.filter((row) => row.key.startsWith(`${kind}|`)).map((row) => row.value as T);
  const [lane] = rows.filter((row) => row.key === `lane|${name}`).map((row) => row.value as AccountLane);
  if (!lane) return undefined;
  const segments = new Map<string, Segment>();
  for (const row of rows.filter((r) => r.key.startsWith('seg|'))) {
    const [, , seq = '', part = ''] = row.key.split('|');
    segments.set(segmentId(Number(seq), Number(part)), row.value as Segment);
  }
  const left = rows.filter((row) => row.key.startsWith('batch|') || (row.key.startsWith('due|') && row.key.endsWith(`|${name}`)));
  return { lane, operations: of<Operation>('op'), segments, events: of<LaneEvent>('evt'), left: left.map((row) => row.key) };
};

const itemsOf = (rows: LaneRows, operation: Operation): { digits: string; state: string; code: string | undefined }[] =>
  [...rows.segments]
    .filter(([id]) => id.startsWith(`${operation.seq}/`))
    .flatMap(([, segment]) =>
      segment.numbers.map((digits, n) => ({ digits, state: stateOf(segment, n), code: errorOf(segment, n)?.code })),
    );

const keyOf = (operation: Operation, digits: string): string => `${operation.customerId}/${digits === '' ? '' : `+${digits}`}`;
const tagOf = (operation: Operation): string => String(operation.view['tag']);
/** What upstream holds of a number of it, as `history` names it. */
const heldTagOf = (operation: Operation, digits: string): string =>
  operation.sentAs === 'release' ? RELEASED : wantedTag(tagOf(operation), digits);

/** Whether upstream, holding `held`, holds what the operation wants of this item. */
const isHeld = (operation: Operation, digits: string, held: string): boolean => {
  if (operation.sentAs === 'accountDelete') return held === REMOVED;
  return digits === '' ? fulfils(contentOf(held), operation.payload) : held === heldTagOf(operation, digits);
};

/** Whether this is a removal that has come true. */
const isRemoved = (rows: LaneRows, operation: Operation): boolean =>
  operation.sentAs === 'accountDelete' && itemsOf(rows, operation).every(({ state }) => state === 'succeeded');

/** Halving was given up: innocent items share the fate of their batch, whatever an earlier try of theirs has led to. */
const gaveUpHalving = ({ upstream }: Evidence, rows: LaneRows, operation: Operation): boolean =>
  itemsOf(rows, operation).some(
    ({ digits, code }) => code === 'UpstreamRejected' && !upstream.refuses(keyOf(operation, digits), heldTagOf(operation, digits)),
  );

/** Each item's end against the content upstream really held for that very operation. */
const verdictViolations = (evidence: Evidence, rows: LaneRows, operation: Operation): string[] => {
  const { upstream } = evidence;
  const unsure = gaveUpHalving(evidence, rows, operation);
  return itemsOf(rows, operation).flatMap(({ digits, state, code }) => {
    const key = keyOf(operation, digits);
    const name = `${operation.id} ${key}`;
    const mine = (upstream.history.get(key) ?? []).filter((content) => isHeld(operation, digits, content.tag));
    const all = upstream.history.get(key) ?? [];
    // A number that is released may go with its account.
    const reached = (wanted: string): boolean => (wanted === 'gone' ? all : mine).some((content) => content.states.includes(wanted));
    const end = operation.sentAs === 'release' || operation.sentAs === 'accountDelete' ? 'gone' : 'synced';
    if (state === 'succeeded' && !reached(end)) return [`${name} succeeded but was never ${end}`];
    if (state === 'failed' && code === 'UpstreamSyncFailed' && !reached('failed')) return [`${name} failed but upstream never said so`];
    if (code === 'UpstreamRejected' && mine.length > 0 && !unsure) return [`${name} was executed but counts as rejected`];
    if (code === 'InternalError' && !evidence.bugs.send.has(tagOf(operation)))
      return [`${name} was given up, but nothing was wrong with it`];
    if (state === 'canceled' && operation.sentAs !== 'release' && upstream.sent.has(`${key} ${heldTagOf(operation, digits)}`))
      return [`${name} is canceled but was sent`];
    if ((state === 'skipped' || SCREENED.has(code ?? '')) && upstream.sent.has(`${key} ${heldTagOf(operation, digits)}`))
      return [`${name} was sent although it was screened out`];
    if ((state === 'skipped' || code === 'NumberExists') && !(upstream.history.get(key) ?? []).some(({ tag }) => tag !== RELEASED))
      return [`${name} existed nowhere`];
    const overwrites = (o: Operation): boolean => isRemoved(rows, o) || itemsOf(rows, o).some((item) => item.digits === digits);
    if (state === 'superseded' && !rows.operations.some((o) => o.seq > operation.seq && overwrites(o)))
      return [`${name} superseded by nobody`];
    return [];
  });
};

/** Each number that counts as released, against how often upstream let it go. */
const releaseViolations = ({ upstream }: Evidence, rows: LaneRows): string[] => {
  const released = new Map<string, number>();
  for (const operation of rows.operations.filter((o) => o.sentAs === 'release'))
    for (const { digits, state } of itemsOf(rows, operation))
      if (state === 'succeeded') released.set(keyOf(operation, digits), (released.get(keyOf(operation, digits)) ?? 0) + 1);
  return [...released].flatMap(([key, times]) => {
    const gone = (upstream.history.get(key) ?? []).filter((content) => content.states.includes('gone')).length;
    return times <= gone ? [] : [`${key} was released ${times} times but gone ${gone} times`];
  });
};

/** What is known of each number, against what upstream holds of it. */
const numberViolations = ({ upstream, state }: Evidence, rows: LaneRows): string[] => {
  const { lane, accountName } = rows.lane;
  const known = knownNumbers(state, lane);
  const held = [...upstream.history].filter(([key]) => key.startsWith(`${accountName}/+`));
  return held.flatMap(([key, contents]) => {
    const end = contents.at(-1)?.states.at(-1) ?? '';
    const told = known.get(key.slice(accountName.length + 2)) ?? 'gone';
    return told === end || told === 'unsure' ? [] : [`${key} is ${end} but known as ${told}`];
  });
};

const GIVEN_UP = new Set(['InternalError', 'ClosedByOperator']);
const SCREENED = new Set(['ServiceNotEnabled', 'NumberExists', 'NumberAlreadyAssigned', 'NumberNotAllocated']);
const REFUSED = new Set(['UpstreamRejected', 'UpstreamConflict', 'AccountExists', 'CustomerHasNumbers', ...SCREENED]);

/** An account holds all that was wanted of it, the later wish before the earlier, and what others have set. */
const accountViolations = ({ upstream }: Evidence, rows: LaneRows): string[] => {
  const wishes = rows.operations
    .filter((operation) => operation.kind === 'account' && itemsOf(rows, operation).every(({ code }) => !REFUSED.has(code ?? '')))
    .sort((a, b) => a.seq - b.seq);
  const wish = wishes.reduce<Json | undefined>(
    (all, operation) => (operation.sentAs === 'accountDelete' ? undefined : followedBy(all ?? {}, operation.payload)),
    undefined,
  );
  const held = upstream.history.get(`${rows.lane.accountName}/`)?.at(-1);
  const name = rows.lane.accountName;
  if (!wish) return wishes.length === 0 || held?.states.at(-1) === 'gone' ? [] : [`${name} is still there`];
  if (held !== undefined && fulfils(contentOf(held.tag), wish)) return [];
  return [`${name} holds ${held?.tag ?? 'nothing'}, wanted was ${JSON.stringify(wish)}`];
};

/** The last accepted wish that upstream did not refuse is what it holds. */
const finalContentViolations = ({ upstream }: Evidence, rows: LaneRows): string[] => {
  const last = new Map<string, string>();
  for (const operation of [...rows.operations].sort((a, b) => a.seq - b.seq)) {
    if (isRemoved(rows, operation)) for (const key of last.keys()) last.set(key, REMOVED);
    for (const { digits, state, code } of itemsOf(rows, operation)) {
      const key = keyOf(operation, digits);
      if (digits === '' || state === 'canceled' || state === 'skipped' || REFUSED.has(code ?? '')) continue;
      if (!GIVEN_UP.has(code ?? '')) last.set(key, heldTagOf(operation, digits));
      // Whether upstream took what was sent of it nobody knows.
      else if (upstream.sent.has(`${key} ${heldTagOf(operation, digits)}`)) last.delete(key);
    }
  }
  return [...last].flatMap(([key, tag]) => {
    const held = upstream.history.get(key)?.at(-1)?.tag;
    // Gone with its account or by itself: either way it is not there.
    const isGone = [REMOVED, RELEASED].includes(tag) && [REMOVED, RELEASED].includes(held ?? '');
    return held === tag || isGone ? [] : [`${key} holds ${held ?? 'nothing'}, last accepted was ${tag}`];
  });
};

const countViolations = (rows: LaneRows, operation: Operation): string[] => {
  const items = itemsOf(rows, operation);
  const wrong = (['pending', 'submitted', 'succeeded', 'failed', 'superseded', 'skipped', 'canceled'] as const).filter(
    (state) => operation.counts[state] !== items.filter((item) => item.state === state).length,
  );
  return wrong.map((state) => `${operation.id} counts of ${state} do not add up`);
};

const eventViolations = ({ logs }: Evidence, rows: LaneRows): string[] => {
  const told = toldTo(logs, rows.lane.partner);
  const gaps = rows.events.length === rows.lane.events ? [] : [`${rows.lane.lane} has ${rows.events.length} of ${rows.lane.events} events`];
  const untold = rows.events
    .filter((event) => !isOfNumbers(event) && !told.has(event.id))
    .map((event) => `event ${event.id} was never published`);
  const ends = rows.operations.flatMap((operation) => {
    const mine = [...told.values()].filter(({ orderId, status }) => orderId === operation.id && isTerminal(status as Operation['state']));
    if (mine.length !== 1) return [`${operation.id} ended with ${mine.length} events`];
    return mine[0]?.['status'] === operation.state ? [] : [`${operation.id} is ${operation.state} but its event says otherwise`];
  });
  return [...gaps, ...untold, ...ends, ...startViolations(rows, [...told.values()])];
};

/** An order that has begun is told of once, before its end; `told` in its order. */
const startViolations = (rows: LaneRows, told: readonly Json[]): string[] =>
  rows.operations.flatMap((operation) => {
    const mine = told.filter(({ orderId }) => orderId === operation.id);
    const starts = mine.filter(({ type }) => type === 'number_order.started').length;
    const wanted = operation.kind === 'numbers' && operation.startedAt !== undefined ? 1 : 0;
    if (starts !== wanted) return [`${operation.id} began with ${starts} events instead of ${wanted}`];
    const end = mine.findIndex(({ status }) => isTerminal(status as Operation['state']));
    const begin = mine.findIndex(({ type }) => type === 'number_order.started');
    return end === -1 || begin < end ? [] : [`${operation.id} ended before it began`];
  });

/** Every number of an order that has succeeded or failed. */
const numberEnds = (rows: LaneRows): NumberEnd[] =>
  rows.operations
    .filter(({ kind }) => kind === 'numbers')
    .flatMap((operation) => {
      const { id: orderId, partner, customerId, sentAs } = operation;
      const types: Record<string, string> = {
        failed: 'number.failed',
        succeeded: sentAs === 'release' ? 'number.released' : 'number.synced',
      };
      return itemsOf(rows, operation).flatMap(({ digits, state }): NumberEnd[] => {
        const type = types[state];
        return type === undefined ? [] : [{ partner, customerId, orderId, telephoneNumber: `+${digits}`, type }];
      });
    });

const restViolations = (rows: LaneRows): string[] => {
  const { lane } = rows;
  const busy = lane.unsent !== 0 || lane.waiting !== 0 || lane.flying.length > 0 || lane.answered.length > 0;
  const open = rows.operations.filter((operation) => !isTerminal(operation.state));
  return [
    ...(busy ? [`${lane.lane} is not at rest: unsent ${lane.unsent}, waiting ${lane.waiting}`] : []),
    ...rows.left.map((key) => `left over: ${key}`),
    ...open.map((operation) => `${operation.id} is still ${operation.state}`),
    ...(lane.accepted === Math.max(...rows.operations.map(({ seq }) => seq)) ? [] : [`${lane.lane} has given out ${lane.accepted} places`]),
    ...(lane.held.length === 0 ? [] : [`${lane.lane} still holds ${lane.held.length}`]),
  ];
};

const acceptViolations = ({ submitted, workload }: Evidence, all: readonly LaneRows[]): string[] => {
  const stored = all.flatMap((rows) => rows.operations);
  const lost = submitted.filter(({ operationId }) => !stored.some((operation) => operation.id === operationId));
  const tags = stored.map(tagOf);
  const doubled = tags.filter((tag, n) => tags.indexOf(tag) !== n);
  const unheard =
    submitted.length === workload.drafts.length ? [] : [`${submitted.length} of ${workload.drafts.length} were ever accepted`];
  return [
    ...lost.map(({ operationId }) => `accepted ${operationId} is lost`),
    ...doubled.map((tag) => `${tag} was ordered twice`),
    ...unheard,
  ];
};

/** What was claimed before an instance heard of the stop may still leave until its deadline; nothing after that. */
const stopViolations = ({ upstream, stopped }: Evidence): string[] =>
  stopped.flatMap(({ stopId, fromMs, toMs }) =>
    upstream.writes
      .filter(({ atMs }) => atMs > fromMs + MEMORY_MS + SEND_DEADLINE_MS && atMs < toMs)
      .filter(({ account }) => stopIdsOver({ partner: partnerOf(account), customerId: account }).includes(stopId))
      .map(({ account }) => `${account} was written while it was stopped by ${stopId}`),
  );

const earlyViolations = ({ upstream, submitted }: Evidence): string[] =>
  submitted.flatMap(({ operationId, draft: { customerId, numbers, payload, notBeforeMs = 0 } }) => {
    const tag = (payload['serviceDetails'] as { tag: string } | undefined)?.tag ?? '';
    const earliestMs = notBeforeMs - MAX_SKEW_MS;
    const sentMs = (digits: string): number => upstream.sent.get(`${customerId}/+${digits} ${wantedTag(tag, digits)}`) ?? earliestMs;
    const early = numbers.filter((digits) => sentMs(digits) < earliestMs);
    return early.map((digits) => `${operationId} ${digits} left before its time`);
  });

export const checkWorld = (evidence: Evidence): string[] => {
  const all = evidence.workload.lanes.flatMap((lane) => readLane(evidence.state, lane) ?? []);
  const each = all.flatMap((rows) => [
    ...restViolations(rows),
    ...eventViolations(evidence, rows),
    ...finalContentViolations(evidence, rows),
    ...accountViolations(evidence, rows),
    ...releaseViolations(evidence, rows),
    ...numberViolations(evidence, rows),
    ...rows.operations.flatMap((operation) => [...verdictViolations(evidence, rows, operation), ...countViolations(rows, operation)]),
  ]);
  return [
    ...acceptViolations(evidence, all),
    ...stopViolations(evidence),
    ...indexViolations(evidence.state, evidence.numberIndex, evidence.workload),
    ...earlyViolations(evidence),
    ...evidence.upstream.lostMarks(),
    ...webhookViolations(evidence, [...all.flatMap(({ events }) => events), ...gatewayEvents(evidence.state)], all.flatMap(numberEnds)),
    ...gatewayViolations(evidence.state),
    ...each,
  ];
};
