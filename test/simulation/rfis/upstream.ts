/** Upstream's Requests for Information as the simulator's judge: what it executed, when, and what became of it. Written apart from the product. */
import { createHash } from 'node:crypto';
import type { CallUpstream, UpstreamAnswer, UpstreamRequest } from '../../../shared/platform/upstream/call.ts';
import { makeFlights, type Flights } from '../flight.ts';
import type { Process, World } from '../process.ts';

export type RfiOptions = Flights & {
  /** Chance of somebody else answering an RFI just after it was read. */
  meddling: number;
};

/** A relationship that an RFI once had, oldest first, and the states it reached. `tag` is its comment, which nobody uses twice. */
export type Had = { tag: string; states: string[] };
type Held = { now: Had; status: string; removed: boolean; version: number };

export type RfiUpstream = {
  call: (process: Process) => CallUpstream;
  history: ReadonlyMap<string, readonly Had[]>;
  /** The customer takes the consent back. */
  withdraw: (tenantId: string) => void;
  violations: string[];
  requests: () => number;
};

const PATH = /^\/teamsRequestsForInformation(?:\/([^/?]+))?$/;
const part = (text: string, of: number): number => createHash('sha256').update(text).digest().readUInt32BE(0) % of;
const ok = (body: unknown, more: Partial<UpstreamAnswer> = {}): UpstreamAnswer => ({ kind: 'answer', status: 200, body, ...more });
const fail = (status: number, code: string): UpstreamAnswer => ({ kind: 'answer', status, body: { error: { code, message: code } } });

/** What the backend never takes. */
export const failsSync = (tag: string): boolean => part(`f${tag}`, 6) === 0;

export const makeRfiUpstream = (world: World, tenants: readonly string[], options: RfiOptions): RfiUpstream => {
  const { scheduler, random } = world;
  const violations: string[] = [];
  const pairs = new Set<string>();
  const underWay = new Map<string, symbol>();
  const history = new Map<string, Had[]>(tenants.map((id) => [id, [{ tag: '', states: ['synced'] }]]));
  const held = new Map<string, Held>();
  let versions = 0;
  let meddled = 0;
  let served = 0;

  const hold = (tenantId: string, status: string, tag: string): void => {
    const now: Had = { tag, states: ['pending'] };
    history.get(tenantId)?.push(now);
    held.set(tenantId, { now, status, removed: held.get(tenantId)?.removed === true, version: ++versions });
    scheduler.after(random.between(0, 60_000), () => {
      now.states.push(failsSync(tag) ? 'failed' : 'synced');
      const current = held.get(tenantId);
      if (current?.now === now && random.chance(0.5)) current.version = ++versions;
    });
  };
  for (const id of tenants) {
    const now = history.get(id)?.[0] ?? { tag: '', states: ['synced'] };
    held.set(id, { now, status: 'ConsentPending', removed: false, version: ++versions });
  }

  const shown = (tenantId: string, { now, status, removed, version }: Held): Record<string, unknown> => ({
    tenantId,
    id: `rfi-${tenantId}`,
    status: removed ? 'removed' : 'active',
    consentedOn: '2026-10-01T00:00:00Z',
    lastModifiedOn: new Date(version).toISOString(),
    consentedCountries: ['UK'],
    contacts: [],
    customerRelationship: { status, comment: now.tag },
    serviceProvisioningStatus: now.states.at(-1),
    serviceProvisioningErrors: now.states.at(-1) === 'failed' ? [{ code: 'InvalidRequest', message: 'no', target: 'oc' }] : [],
  });
  const answerOf = (tenantId: string, one: Held): UpstreamAnswer => ok(shown(tenantId, one), { etag: String(one.version) });

  const patch = (tenantId: string, request: UpstreamRequest): UpstreamAnswer => {
    const one = held.get(tenantId);
    if (!one || one.removed) return fail(404, 'NotFound');
    if (request.ifMatch !== undefined && request.ifMatch !== String(one.version)) return fail(412, 'PreconditionFailed');
    const { customerRelationship } = JSON.parse(request.body ?? '{}') as { customerRelationship: { status: string; comment?: string } };
    hold(tenantId, customerRelationship.status, customerRelationship.comment ?? one.now.tag);
    return answerOf(tenantId, held.get(tenantId) ?? one);
  };

  const perform = (request: UpstreamRequest): UpstreamAnswer => {
    served++;
    const tenantId = PATH.exec(request.path)?.[1];
    if (tenantId === undefined) return ok({ value: [...held].map(([id, one]) => shown(id, one)), nextLink: null });
    const one = held.get(tenantId);
    if (request.method !== 'GET') return patch(tenantId, request);
    if (!one) return fail(404, 'NotFound');
    if (random.chance(options.meddling) && !one.removed)
      scheduler.after(random.between(0, 2_000), () => hold(tenantId, 'SetByOthers', `other ${++meddled}`));
    return answerOf(tenantId, one);
  };

  /** Marks a write as under way from its leaving until it can no longer land. */
  const track = (request: UpstreamRequest): (() => void) => {
    if (request.method === 'GET') return () => undefined;
    const tenantId = PATH.exec(request.path)?.[1] ?? '';
    if (underWay.has(tenantId)) violations.push(`two writes of ${tenantId} overlap`);
    const id = request.pair?.id ?? '';
    if (pairs.has(id)) violations.push('a pair was sent twice');
    pairs.add(id);
    const mark = Symbol('write');
    underWay.set(tenantId, mark);
    return () => {
      if (underWay.get(tenantId) === mark) underWay.delete(tenantId);
    };
  };

  const serveLate = (request: UpstreamRequest, afterMs: number): void => scheduler.after(afterMs, () => void perform(request));

  return {
    call: makeFlights(world, options, { track, serve: perform, serveLate }),
    history,
    withdraw: (tenantId) => {
      const one = held.get(tenantId);
      if (one) held.set(tenantId, { ...one, removed: true, version: ++versions });
    },
    violations,
    requests: () => served,
  };
};
