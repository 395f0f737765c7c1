/** Thousands of wrong and odd requests to the app in this process. FUZZ_SEED=<n> repeats one of them, FUZZ_COUNT=<n> sends more. */
import { describe, expect, test } from 'vitest';
import { makeAnswerCheck, type ApiDocument } from '../../support/answer-check.ts';
import { valuesFor } from './example-requests.ts';
import type { SeenAnswer } from '../../support/answer-check.ts';
import type { FuzzRequest } from './fuzz/fuzz-request.ts';
import { fuzz, fuzzOne, toReport, type FuzzFailure, type FuzzWorld } from './fuzz/fuzz-run.ts';
import { sendInProcess } from './fuzz/send-in-process.ts';
import { preparedStage } from './prepared.ts';

/** Permits are spent by who asks, what was read is kept for a while, and use is counted, whatever comes of it. */
const SPENT = ['Budget', 'Cache', 'Usage'];

const prepared = await preparedStage();
const { stage, moment } = prepared;

const changedTables = (): string[] =>
  [...moment.stores]
    .filter(([table, before]) => {
      const now = stage.stores.get(table)?.moment() ?? new Map<string, ReadonlyMap<string, unknown>>();
      const isSame = [...before].every(([partition, rows]) => [...rows].every(([key, row]) => now.get(partition)?.get(key) === row));
      const size = (all: ReadonlyMap<string, ReadonlyMap<string, unknown>>): number =>
        [...all.values()].reduce((sum, rows) => sum + rows.size, 0);
      return !SPENT.includes(table) && !(isSame && size(now) === size(before));
    })
    .map(([table]) => table);

const world: FuzzWorld = {
  contracts: stage.routes.map(({ contract }) => contract),
  valuesFor: (contract) => valuesFor(prepared, contract, 'acme'),
  send: sendInProcess(stage),
  check: makeAnswerCheck((await stage.call('openapi.json')).body as ApiDocument),
  begin: () => {
    stage.restore(moment);
    return changedTables;
  },
};

const one = process.env['FUZZ_SEED'];
const range = one === undefined ? { from: 1, count: Number(process.env['FUZZ_COUNT'] ?? 1_500) } : { from: Number(one), count: 1 };

test(`${range.count} requests that are wrong or odd: none breaks anything`, { timeout: 600_000 }, async () => {
  const statuses: number[] = [];
  const send: FuzzWorld['send'] = async (request) => {
    const answer = await world.send(request);
    statuses.push(answer.status);
    return answer;
  };
  expect(toReport(await fuzz({ ...world, send }, range))).toEqual([]);
  // Neither refused at the door nor all alike: some of it went through.
  expect(statuses).not.toContain(429);
  if (range.count > 1) expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(range.count / 10);
});

/** What a server with a bug would do instead of answering; undefined where it behaves. */
type Bug = (request: FuzzRequest, answer: SeenAnswer) => SeenAnswer | undefined | Promise<SeenAnswer | undefined>;

const error = (status: number, code: string, message = code): SeenAnswer => ({
  status,
  headers: new Headers({ 'content-type': 'application/json', 'x-ms-error-code': code, 'x-ms-request-id': 'r' }),
  text: JSON.stringify({ error: { code, message } }),
});
const sends = ({ body }: FuzzRequest, text: string): boolean => typeof body === 'string' && body.includes(text);

const BUGS: readonly (readonly [string, Bug, RegExp])[] = [
  ['throws at a null', (request) => (sends(request, ':null') ? Promise.reject(new TypeError('x')) : undefined), /thrown: TypeError/],
  ['answers 500 at a long text', (request) => (sends(request, 'xxxxxxxx') ? error(500, 'InternalError') : undefined), /^500 InternalError/],
  ['never answers a deep body', (request) => (sends(request, '[[[[') ? new Promise(() => undefined) : undefined), /no answer in time/],
  [
    'shows where it failed',
    (_, { status }) => (status === 400 ? error(400, 'InvalidRequest', 'at parse (parse.ts:12)') : undefined),
    /a trace/,
  ],
  [
    'takes what is no JSON',
    (_, { status, headers }) => (headers.get('x-ms-error-code') === 'InvalidJson' ? error(status - 200, '') : undefined),
    /accepted/,
  ],
  ['answers with a code of its own', (_, { status }) => (status === 404 ? error(404, 'NotHere') : undefined), /NotHere is not documented/],
  [
    'answers in HTML',
    (_, answer) => ({ ...answer, headers: new Headers({ ...Object.fromEntries(answer.headers), 'content-type': 'text/plain' }) }),
    /media type/,
  ],
  [
    'shows more than the document says',
    (_, answer) => (answer.text.startsWith('{"error"') ? undefined : { ...answer, text: answer.text.replace(/^\{/, '{"internal":1,') }),
    /additional properties/,
  ],
  [
    'forgets to name the request',
    (_, answer) => ({ ...answer, headers: new Headers({ 'content-type': 'application/json' }) }),
    /without x-ms-request-id/,
  ],
  [
    'copies keys into prototypes',
    (request) => {
      if (sends(request, '"__proto__"')) Reflect.set(Object.prototype, 'polluted', true);
      return undefined;
    },
    /a prototype is polluted/,
  ],
  [
    'keeps what it refuses',
    async (_, { status }) => {
      if (status >= 400) await stage.stores.get('State')?.commit('planted', [{ kind: 'put', key: 'row', value: {} }]);
      return undefined;
    },
    /but changed State/,
  ],
];

const DEADLINE_MS = 100;
const MOST_TRIES = 3_000;

const firstWith = async (buggy: FuzzWorld, problem: RegExp): Promise<FuzzFailure | undefined> => {
  for (let seed = 1; seed <= MOST_TRIES; seed++) {
    const failure = await fuzzOne(buggy, seed, { deadlineMs: DEADLINE_MS });
    if (failure?.problems.some((one) => problem.test(one))) return failure;
  }
  return undefined;
};

describe('a server is found out that', () => {
  test.each(BUGS)('%s', async (_what, bug, problem) => {
    const buggy: FuzzWorld = {
      ...world,
      send: async (request) => {
        const answer = await world.send(request);
        return (await bug(request, answer)) ?? answer;
      },
    };
    const found = await firstWith(buggy, problem);
    expect(found).toBeDefined();
    expect(await fuzzOne(buggy, found?.seed ?? 0, { deadlineMs: DEADLINE_MS })).toEqual(found);
  });
});
