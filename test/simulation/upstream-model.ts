/** Upstream as the simulator's judge: what it executed, when, with which content, and what it showed. Written apart from the product. */
import { createHash } from 'node:crypto';
import type { UpstreamAnswer, UpstreamRequest } from '../../shared/platform/upstream/call.ts';
import { contentOf, hasMark, meddledWith } from './account-content.ts';
import { makeFlights } from './flight.ts';
import type { World } from './process.ts';
import { listPage } from './upstream-lists.ts';
import { RELEASED, REMOVED, type UpstreamModel, type UpstreamOptions } from './upstream-view.ts';

/** `tag` stands for a number's content; an account's is the JSON text of its content. What is on its way out still `shows` what it held. */
export type Held = { tag: string; shows: string; status: 'pending' | 'synced' | 'failed'; version: number };
type Item = { telephoneNumber: string; accountName?: string; serviceDetails?: { tag: string } };
type Body = { name?: string; serviceDetails?: { tag: string }; numbers?: Item[] };

/** Until this long after its first sending a pair must be repeated. */
const REMEMBERED_MS = 235_000;

const part = (text: string, of: number): number => createHash('sha256').update(text).digest().readUInt32BE(0) % of;
const ok = (status: number, body: unknown): UpstreamAnswer => ({ kind: 'answer', status, body });
const fail = (status: number, code: string, message = code): UpstreamAnswer => ok(status, { error: { code, message } });

export const makeUpstreamModel = (world: World, options: UpstreamOptions): UpstreamModel => {
  const { scheduler, random } = world;
  const held = new Map<string, Held>();
  const history: UpstreamModel['history'] = new Map();
  const replies = new Map<string, { body: string; answer: UpstreamAnswer }>();
  const outstanding = new Map<string, Set<symbol>>();
  const executedUnder = new Map<string, { id: string; firstSent: string }>();
  const sent = new Map<string, number>();
  const writes: { account: string; atMs: number }[] = [];
  const arrivals: number[] = [];
  const violations: string[] = [];
  const marks = new Map<string, string[]>();
  let served = 0;
  let fullest = 0;
  let versions = 0;

  const refuses = (key: string, tag: string): boolean => !key.endsWith('/') && part(`r${key}${tag}`, 37) === 0;
  const failsSync = (key: string, tag: string): boolean => part(`f${key}${tag}`, 5) === 0;

  const hold = (key: string, tag: string): void => {
    const number = key.slice(key.indexOf('/') + 1);
    const rivals = [...held.keys()].filter((other) => number !== '' && other.endsWith(`/${number}`) && other !== key);
    if (rivals.length > 0) violations.push(`${key} is held by ${rivals.join()} as well`);
    const content = { tag, states: ['pending'] };
    const now: Held = { tag, shows: tag, status: 'pending', version: ++versions };
    history.set(key, [...(history.get(key) ?? []), content]);
    held.set(key, now);
    scheduler.after(random.between(500, 40_000), () => {
      if (held.get(key) !== now) return;
      now.status = failsSync(key, tag) ? 'failed' : 'synced';
      content.states.push(now.status);
      if (options.syncChangesEtag) now.version = ++versions;
    });
  };

  const meddle = (account: string): void => {
    const key = `${account}/`;
    const one = held.get(key);
    if (!one || one.tag === REMOVED) return;
    const mark = `m${(versions + 1).toString()}`;
    marks.set(key, [...(marks.get(key) ?? []), mark]);
    hold(key, meddledWith(one.tag, mark));
  };

  const lostMarks = (): string[] =>
    [...marks].flatMap(([key, set]) =>
      set.filter((mark) => !hasMark(held.get(key)?.tag ?? '{}', mark)).map((mark) => `${key} lost ${mark}`),
    );

  /** What is there lingers for a while; what is not there is gone at once. */
  const release = (key: string): void => {
    const before = held.get(key);
    const content = { tag: RELEASED, states: before ? ['pending'] : ['gone'] };
    history.set(key, [...(history.get(key) ?? []), content]);
    if (!before) return;
    const now: Held = { tag: RELEASED, shows: before.shows, status: 'pending', version: ++versions };
    held.set(key, now);
    scheduler.after(random.between(0, 40_000), () => {
      if (held.get(key) !== now) return;
      held.delete(key);
      content.states.push('gone');
    });
  };

  const keysBelow = (account: string): string[] => [...held.keys()].filter((key) => key.startsWith(account) && key !== account);

  /** The account and its numbers linger, and are gone at the same moment. */
  const removeAccount = (key: string, withNumbers: boolean): UpstreamAnswer => {
    const one = held.get(key);
    if (!one) return random.chance(0.5) ? ok(204, undefined) : fail(404, 'NotFound');
    const numbers = keysBelow(key);
    if (numbers.length > 0 && !withNumbers) return fail(400, 'InvalidRequest', 'The account has numbers.');
    if (one.tag === REMOVED) return ok(204, undefined);
    const leaving = [key, ...numbers].map((each) => {
      const content = { tag: REMOVED, states: ['pending'] };
      const now: Held = { tag: REMOVED, shows: held.get(each)?.shows ?? '{}', status: 'pending', version: ++versions };
      history.set(each, [...(history.get(each) ?? []), content]);
      held.set(each, now);
      return { each, content };
    });
    scheduler.after(random.between(0, 40_000), () => {
      marks.delete(key);
      for (const { each, content } of leaving) {
        held.delete(each);
        content.states.push('gone');
      }
    });
    return ok(204, undefined);
  };

  const shown = (key: string): Record<string, unknown> | undefined => {
    const one = held.get(key);
    if (!one) return undefined;
    const [account = '', number = ''] = key.split('/');
    const errors = one.status === 'failed' ? [{ code: 'InvalidRequest', message: 'no usage', target: 'oc' }] : [];
    const sync = { serviceProvisioningStatus: one.status, serviceProvisioningErrors: errors };
    return number === ''
      ? { name: account, ...contentOf(one.shows), ...sync }
      : { telephoneNumber: number, accountName: account, serviceDetails: { tag: one.shows }, ...sync };
  };

  const isRelease = (request: UpstreamRequest): boolean => request.path.endsWith(':deleteNumbers') || request.method === 'DELETE';
  const bodyOf = (request: UpstreamRequest): Body => JSON.parse(request.body ?? '{}') as Body;

  /** Each thing that a write is about, with the content that it is to have. */
  const wishesOf = (request: UpstreamRequest): { key: string; tag: string }[] => {
    if (request.method === 'DELETE')
      return [`${request.path.split('/')[2] ?? ''}/`].flatMap((key) => [key, ...keysBelow(key)]).map((key) => ({ key, tag: REMOVED }));
    const { name = '', serviceDetails, numbers } = bodyOf(request);
    const releasing = /accounts\/([^/:]+):deleteNumbers$/.exec(request.path)?.[1];
    if (!numbers) return [{ key: `${name}/`, tag: serviceDetails?.tag ?? '' }];
    return numbers.map((n) => ({
      key: `${releasing ?? n.accountName ?? ''}/${n.telephoneNumber}`,
      tag: releasing === undefined ? (n.serviceDetails?.tag ?? '') : RELEASED,
    }));
  };

  const executeNumbers = (wishes: readonly { key: string; tag: string }[], releasing: boolean): UpstreamAnswer => {
    const bad = wishes.filter(({ key, tag }) => refuses(key, tag)).map(({ key }) => key);
    if (bad.length > 0) return fail(400, 'InvalidRequest', options.namesCulprits ? bad.join(' ') : 'bad batch');
    if (!held.has(`${wishes[0]?.key.split('/')[0] ?? ''}/`)) {
      // Without its account a number is gone already.
      if (releasing) for (const { key } of wishes) release(key);
      return fail(404, 'NotFound');
    }
    for (const { key, tag } of wishes)
      if (releasing) release(key);
      else hold(key, tag);
    return releasing ? ok(204, undefined) : ok(200, { numbers: wishes.map(({ key }) => shown(key)) });
  };

  const execute = (request: UpstreamRequest): UpstreamAnswer => {
    if (request.method === 'DELETE')
      return removeAccount(`${request.path.split('/')[2] ?? ''}/`, request.query?.['deleteNumbers'] === 'true');
    const body = bodyOf(request);
    if (body.numbers) return executeNumbers(wishesOf(request), isRelease(request));
    const key = `${body.name ?? ''}/`;
    const etag = held.get(key)?.version.toString();
    if (held.get(key)?.tag === REMOVED) violations.push(`${key} was written on its way out`);
    if (request.ifNoneMatch === '*' && etag !== undefined) return fail(412, 'PreconditionFailed');
    if (request.ifMatch !== undefined && request.ifMatch !== etag) return fail(412, 'PreconditionFailed');
    if (etag === undefined) marks.delete(key);
    const { name: _, ...content } = body;
    hold(key, JSON.stringify(content));
    return ok(etag === undefined ? 201 : 200, shown(key));
  };

  /** One body executed under two pairs while the server still remembered the first: a retry did not repeat its pair. */
  const checkOnce = (request: UpstreamRequest): void => {
    const [body = '', id = '', firstSent = ''] = [request.body, request.pair?.id, request.pair?.firstSent];
    const before = executedUnder.get(body);
    const remembered = before && scheduler.now() - Date.parse(before.firstSent) < REMEMBERED_MS;
    if (options.honoursRepeatability && remembered && before.id !== id) violations.push('one body was executed under two pairs');
    executedUnder.set(body, { id, firstSent });
  };

  const write = (request: UpstreamRequest): UpstreamAnswer => {
    const id = request.pair?.id ?? '';
    const known = replies.get(id);
    if (known && known.body !== (request.body ?? '')) violations.push(`pair ${id} used for two bodies`);
    if (known && options.honoursRepeatability) return known.answer;
    const answer = execute(request);
    // Releasing twice is harmless.
    if (answer.status < 300 && !isRelease(request)) checkOnce(request);
    if (answer.status < 500) replies.set(id, { body: request.body ?? '', answer });
    return answer;
  };

  const numbersOf = (url: URL, isListed: (key: string) => boolean): UpstreamAnswer => {
    const keys = [...held.keys()].filter((key) => isListed(key) && !key.endsWith('/'));
    return listPage({ url, keys, shown, habits: options.lists, random });
  };

  const read = (request: UpstreamRequest): UpstreamAnswer => {
    const url = new URL(request.path, 'https://upstream.test');
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    if (url.pathname === '/numbers') return options.lists.all ? numbersOf(url, () => true) : fail(404, 'NotFound');
    const [, , account = '', kind, number] = decodeURIComponent(url.pathname).split('/');
    if (kind === undefined) {
      const resource = shown(`${account}/`);
      if (!resource) return fail(404, 'NotFound');
      const etag = held.get(`${account}/`)?.version.toString() ?? '';
      if (random.chance(options.meddling)) scheduler.after(random.between(0, 500), () => meddle(account));
      return { ...ok(200, resource), etag };
    }
    if (number !== undefined) {
      const resource = shown(`${account}/${number}`);
      return resource ? ok(200, resource) : fail(404, 'NotFound');
    }
    return numbersOf(url, (key) => key.startsWith(`${account}/`));
  };

  const admitted = (): boolean => {
    const now = scheduler.now();
    arrivals.push(now);
    while (arrivals[0] !== undefined && arrivals[0] <= now - 60_000) arrivals.shift();
    fullest = Math.max(fullest, arrivals.length);
    if (arrivals.length > options.limit) violations.push(`${arrivals.length} requests in 60 s`);
    return arrivals.length <= options.limit;
  };

  const perform = (request: UpstreamRequest): UpstreamAnswer => (request.method === 'GET' ? read(request) : write(request));

  const serve = (request: UpstreamRequest): UpstreamAnswer => {
    served++;
    return admitted() ? perform(request) : fail(429, 'TooManyRequests');
  };

  /** Marks the numbers of a write as under way from its leaving until it can no longer land. */
  const track = (request: UpstreamRequest): (() => void) => {
    if (request.method === 'GET') return () => undefined;
    const mark = Symbol('request');
    const wishes = wishesOf(request);
    const keys = wishes.map(({ key }) => key);
    for (const { key, tag } of wishes) if (!sent.has(`${key} ${tag}`)) sent.set(`${key} ${tag}`, scheduler.now());
    writes.push({ account: keys[0]?.split('/')[0] ?? '', atMs: scheduler.now() });
    for (const key of keys) {
      const others = outstanding.get(key) ?? new Set<symbol>();
      if (others.size > 0) violations.push(`two requests on ${key} overlap`);
      outstanding.set(key, others.add(mark));
    }
    return () => {
      for (const key of keys) outstanding.get(key)?.delete(mark);
    };
  };

  /** It arrives, and counts, now; what is late is its execution. */
  const serveLate = (request: UpstreamRequest, afterMs: number): void => {
    served++;
    const isIn = admitted();
    if (isIn) scheduler.after(afterMs, () => void perform(request));
  };

  return {
    callFor: makeFlights(world, options, { track, serve, serveLate }),
    history,
    sent,
    writes,
    violations,
    requests: () => served,
    fullestMinute: () => fullest,
    meddle,
    lostMarks,
    refuses,
    failsSync,
  };
};
