/** A small world for RFIs: tables in memory, an upstream that is a list, a clock moved by hand, and kills. */
import { createHash } from 'node:crypto';
import { readDue } from '../../../shared/platform/tables/due-scan.ts';
import { laneKey, LANE_PARTITIONS, lanePartition } from '../../../shared/platform/tables/keys.ts';
import type { LaneEvent } from '../../../shared/platform/lanes/lane.ts';
import type { RowStore } from '../../../shared/platform/tables/row-store.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../../../shared/platform/upstream/call.ts';
import { makeListRules, makeManageRules } from '../../../shared/rfis/assignment-rules.ts';
import type { FaultPoint } from '../../../shared/rfis/fault-points.ts';
import { makeEraseContacts, makeExpireContacts } from '../../../shared/rfis/erase-contacts.ts';
import { makeGetRfi } from '../../../shared/rfis/get.ts';
import { makeIngestRfis } from '../../../shared/rfis/ingest.ts';
import { makeProjectRfi } from '../../../shared/rfis/list-rows.ts';
import { makeListRfis } from '../../../shared/rfis/list.ts';
import { rfiLaneOf, type RfiLane } from '../../../shared/rfis/model.ts';
import type { AskOnce, TenantCustomer } from '../../../shared/rfis/ports.ts';
import { makeAssignRfi, makeReassignRfis } from '../../../shared/rfis/reassign.ts';
import { makeRefreshRfi } from '../../../shared/rfis/refresh.ts';
import { commitRfi, makeIndexRfi, readRfi } from '../../../shared/rfis/rfi-store.ts';
import { makeIsSyncRequested } from '../../../shared/rfis/scan-lease.ts';
import { makeGetRfiScan, makeSyncRfis } from '../../../shared/rfis/sync.ts';
import { memoryRowStore } from '../../fakes/memory-row-store.ts';

export const START_MS = Date.parse('2026-11-01T00:00:00Z');
const OTHER_CASE = 3;

export class Killed extends Error {}

/** How long contacts are kept. */
export const KEEP_MS = 30 * 86_400_000;

/** Who is a partner. */
const PARTNERS = ['acme', 'beta'];

export const tenant = (n: number): string => `a7f4bd5c-cc01-40f4-8baa-${n.toString(16).padStart(12, '0')}`;

export type Rfi = Record<string, unknown> & { tenantId: string };
export const rfi = (n: number, more: Record<string, unknown> = {}): Rfi => ({
  // As upstream spells it: GUIDs have no case.
  tenantId: n % OTHER_CASE === 0 ? tenant(n).toUpperCase() : tenant(n),
  id: `rfi-${n}`,
  status: 'active',
  productContext: 'teams',
  consentedOn: '2026-10-01T00:00:00Z',
  lastModifiedOn: '2026-10-01T00:00:00Z',
  consentedCountries: ['US', 'UK'],
  contacts: [{ fullName: 'Ada Lovelace', email: 'ada@contoso.example', telephoneNumber: null }],
  customerRelationship: { status: 'ConsentAcknowledged', comment: 'hello' },
  serviceProvisioningStatus: 'synced',
  ...more,
});

const answer = (body: unknown, more: Partial<UpstreamAnswer> = {}): UpstreamAnswer => ({ kind: 'answer', status: 200, body, ...more });

/** Another one after every change. */
export const etagOfRfi = (found: Rfi): string => createHash('sha256').update(JSON.stringify(found)).digest('hex').slice(0, 12);

export type WorldOptions = {
  /** Rows a page. */
  pageRows?: number;
  /** Wraps table `State`, `Lists` or `Leases`, to break it on purpose. */
  table?: (store: RowStore, name: string) => RowStore;
};

export const makeRfiWorld = ({ pageRows = 3, table = (store) => store }: WorldOptions = {}) => {
  const memory = { State: memoryRowStore(), Lists: memoryRowStore(), Leases: memoryRowStore(), Partners: memoryRowStore() };
  let killAt = Number.POSITIVE_INFINITY;
  let dead = false;
  const world = {
    nowMs: START_MS,
    upstream: [] as Rfi[],
    customers: [] as (TenantCustomer & { tenantId: string })[],
    /** Pages from this one on (0 is the first) are not answered. */
    failsFrom: Number.POSITIVE_INFINITY,
    recordCount: undefined as number | undefined,
    publishing: true,
    requests: [] as UpstreamRequest[],
    writes: { State: 0, Lists: 0, Leases: 0, Partners: 0 },
    moments: 0,
    onAsk: async (): Promise<void> => undefined,
    /** Who asks for one RFI hears nothing, for this reason. */
    unheard: undefined as 'noPermit' | 'noAnswer' | undefined,
  };
  const moment = (): void => {
    if (!dead && world.moments++ !== killAt) return;
    dead = true;
    throw new Killed();
  };
  const alive = (): void => {
    if (dead) throw new Killed();
  };
  const subject = (name: keyof typeof memory): RowStore => {
    const store = table(memory[name], name);
    return {
      get: async (...where) => {
        alive();
        return store.get(...where);
      },
      range: async (...where) => {
        alive();
        return store.range(...where);
      },
      commit: async (partition, writes) => {
        moment();
        const result = await store.commit(partition, writes);
        if (result.outcome === 'committed') world.writes[name] += writes.length;
        moment();
        return result;
      },
    };
  };
  const [state, lists, leases] = [subject('State'), subject('Lists'), subject('Leases')];
  const now = () => world.nowMs;
  let ids = 0;
  const newId = () => `id${++ids}`;

  const ask = async (request: UpstreamRequest): Promise<UpstreamAnswer | undefined> => {
    alive();
    world.requests.push(request);
    await world.onAsk();
    const from = request.path.startsWith('https:') ? Number(new URL(request.path).searchParams.get('from')) : 0;
    if (from / pageRows >= world.failsFrom) return undefined;
    const value = world.upstream.slice(from, from + pageRows);
    const more = from + pageRows < world.upstream.length;
    const body = { value, nextLink: more ? `https://provapi.example/teamsRequestsForInformation?from=${from + pageRows}` : null };
    return answer(body, world.recordCount === undefined ? {} : { recordCount: world.recordCount });
  };

  const askOnce: AskOnce = async (request) => {
    alive();
    if (world.unheard) return { kind: 'unheard', reason: world.unheard };
    world.requests.push(request);
    const found = world.upstream.find(({ tenantId }) => request.path.endsWith(tenantId.toLowerCase()));
    const said: UpstreamAnswer = found ? answer(found, { etag: etagOfRfi(found) }) : { kind: 'answer', status: 404, body: undefined };
    return { kind: 'heard', answer: said, askedAtMs: world.nowMs };
  };

  /** As the feature `operations` does it: what was handed over, then the cursor. */
  const handedOver: LaneEvent[] = [];
  const publishLane = async (lane: string): Promise<void> => {
    if (!world.publishing) throw new Error('not now');
    const row = await readRfi(state, lane);
    if (row?.value.due.publish === undefined) return;
    for (let seq = row.value.published + 1; seq <= row.value.events; seq++) {
      const event = await state.get(lanePartition(lane), `evt|${lane}|${seq.toString().padStart(10, '0')}`);
      if (!event) throw new Error('an event is missing');
      const told = event.value as LaneEvent;
      if (!handedOver.some(({ id }) => id === told.id)) handedOver.push(told);
    }
    const { publish: _publish, ...due } = row.value.due;
    await commitRfi(state, row, { ...row.value, published: row.value.events, due }, []);
  };

  const findPartnersOfTenant = async (tenantId: string) => world.customers.filter((customer) => customer.tenantId === tenantId);
  const indexRfi = makeIndexRfi({ state, project: makeProjectRfi({ lists }) });
  const partners = subject('Partners');
  let dieAt: FaultPoint | undefined;
  const points = new Set<FaultPoint>();
  const at = (point: FaultPoint): void => {
    points.add(point);
    if (point !== dieAt) return;
    dieAt = undefined;
    dead = true;
    throw new Killed(point);
  };
  const recording = { state, lists, now, findPartnersOfTenant, indexRfi, publishLane, listRules: makeListRules({ partners }), at };
  const ingest = makeIngestRfis({ ...recording, leases, ask, newId });
  const partnerExists = async (id: string) => PARTNERS.includes(id);
  const dueAll = async () =>
    (await Promise.all(LANE_PARTITIONS.map((partition) => readDue(memory.State, partition, Number.MAX_SAFE_INTEGER / 2)))).flat();

  const refresh = makeRefreshRfi({ ...recording, askOnce });

  return Object.assign(world, {
    ingest,
    inside: { state, lists, now, newId, askOnce, indexRfi, publishLane, alive, at },
    points,
    eraseContacts: makeEraseContacts({ ...recording, keepMs: KEEP_MS }),
    expireContacts: makeExpireContacts({ ...recording, keepMs: KEEP_MS }),
    assign: makeAssignRfi({ ...recording, partnerExists }),
    rules: makeManageRules({ partners, partnerExists, reassign: makeReassignRfis(recording) }),
    get: makeGetRfi({ state, refresh }),
    scanState: makeGetRfiScan({ leases, now }),
    indexRfi,
    project: makeProjectRfi({ lists }),
    list: makeListRfis({ lists, baseUrl: 'https://api.example' }),
    sync: makeSyncRfis({ leases, now, newId }),
    isSyncRequested: makeIsSyncRequested({ leases, now }),
    memory,
    handedOver,
    dueAll,
    /** What the sweep would do. */
    sweep: async () => {
      for (const due of await dueAll()) {
        if (due.kind === 'index') await indexRfi(due.owner);
        if (due.kind === 'publish') await publishLane(due.owner);
      }
    },
    lane: async (n: number): Promise<RfiLane | undefined> => {
      const lane = rfiLaneOf(tenant(n));
      return (await memory.State.get(lanePartition(lane), laneKey(lane)))?.value as RfiLane | undefined;
    },
    /** Every event written, as `<type> <partner> <n of the tenant>`. */
    events: (): string[] =>
      LANE_PARTITIONS.flatMap((partition) => memory.State.all(partition))
        .filter(({ key }) => key.startsWith('evt|'))
        .map(({ value }) => value as LaneEvent)
        .map(({ type, partner, data }) => `${type} ${partner} ${Number.parseInt(String(data['tenantId']).slice(-12), 16)}`)
        .sort(),
    /** Ends the process at this commit, counted from now, half of the moments before it and half after. */
    killAt: (at: number) => {
      world.moments = 0;
      killAt = at;
    },
    /** Ends the process when it comes to this point the next time. */
    dieAt: (point: FaultPoint) => {
      dieAt = point;
    },
    revive: () => {
      dead = false;
      killAt = Number.POSITIVE_INFINITY;
    },
  });
};
export type RfiWorld = ReturnType<typeof makeRfiWorld>;

const MINUTE_MS = 60_000;

/** The scan of the next minute. */
export const scan = async (world: RfiWorld) => {
  world.nowMs += MINUTE_MS;
  return world.ingest();
};

/** A world that has scanned `count` RFIs. */
export const filled = async (count: number): Promise<RfiWorld> => {
  const world = makeRfiWorld();
  world.upstream = Array.from({ length: count }, (_, n) => rfi(n));
  await scan(world);
  return world;
};

export const ACME = { partner: 'acme', customerId: 'contoso' };
