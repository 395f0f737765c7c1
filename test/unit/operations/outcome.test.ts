import { describe, expect, it } from 'vitest';
import type { Batch, Verdict } from '../../../shared/operations/model.ts';
import { decide, mustReadBack, REPEAT_WINDOW_MS, type Decision } from '../../../shared/operations/outcome.ts';
import type { UpstreamAnswer } from '../../../shared/platform/upstream/call.ts';
import { accountBatch, batchOf, digitsFrom, NOW_MS } from './samples.ts';

const answer = (status: number, body?: unknown, more: Partial<UpstreamAnswer> = {}): UpstreamAnswer => ({
  kind: 'answer',
  status,
  body,
  ...more,
});
const three = batchOf(digitsFrom(0, 3));
const verdictsOf = (decision: Decision): [number, Verdict][] => ('verdicts' in decision ? decision.verdicts : []);
const numbers = (...states: unknown[]) => ({
  numbers: states.map((serviceProvisioningStatus, n) => ({ telephoneNumber: `+${digitsFrom(n, 1).join('')}`, serviceProvisioningStatus })),
});
const upstreamError = { error: { code: 'BadUsage', message: 'Usage is not allowed.' } };
const AGAIN = { kind: 'again', afterMs: 0, ambiguous: false, newPair: false, setback: false };

describe('an answer of 2xx', () => {
  it.each([
    ['synced', 'succeeded'],
    ['Synced', 'succeeded'],
    ['success', 'succeeded'],
    ['failed', 'failed'],
    ['pending', 'submitted'],
    ['aStateOfTomorrow', 'submitted'],
    [undefined, 'submitted'],
    [7, 'submitted'],
  ])('takes the state %s of a number as %s', (state, to) => {
    const [first] = verdictsOf(decide(three, answer(200, numbers(state))));
    expect(first).toMatchObject([0, { to, executed: true }]);
  });

  it('keeps looking for members that it does not mention', () => {
    const decision = decide(three, answer(200, numbers('synced')));
    expect(verdictsOf(decision).map(([, { to }]) => to)).toEqual(['succeeded', 'submitted', 'submitted']);
  });

  it.each([undefined, 'text', [], { numbers: 'none' }])('without a list of numbers (%j) leaves all to be looked for', (body) => {
    expect(verdictsOf(decide(three, answer(200, body))).map(([, { to }]) => to)).toEqual(['submitted', 'submitted', 'submitted']);
  });

  it("hands on the backend's errors word for word", () => {
    const body = { serviceProvisioningStatus: 'failed', serviceProvisioningErrors: [{ code: 'E1', message: 'No such route.' }] };
    expect(verdictsOf(decide(accountBatch(), answer(201, body)))).toEqual([
      [
        0,
        {
          to: 'failed',
          executed: true,
          error: { code: 'UpstreamSyncFailed', upstream: [{ code: 'E1', message: 'No such route.' }] },
        },
      ],
    ]);
  });
});

describe('a refused batch of numbers', () => {
  const naming = (index: number) => ({
    error: { code: 'Bad', message: 'Bad request', details: [{ code: 'X', message: `+${digitsFrom(index, 1).join('')} is taken` }] },
  });

  it.each([400, 409, 422])('with %i fails the number that is named and sends the rest by itself', (status) => {
    expect(decide(three, answer(status, naming(1)))).toMatchObject({
      kind: 'split',
      verdicts: [[1, { to: 'failed', executed: false, error: { code: 'UpstreamRejected' } }]],
      parts: [[0, 2]],
    });
  });

  it.each([400, 409, 422])('with %i that names nobody is tried in halves', (status) => {
    expect(decide(three, answer(status, upstreamError))).toMatchObject({ kind: 'split', verdicts: [], parts: [[0, 1], [2]] });
  });

  it('of one number fails that number', () => {
    expect(decide(batchOf(digitsFrom(0, 1)), answer(400, upstreamError))).toMatchObject({
      kind: 'verdicts',
      verdicts: [[0, { to: 'failed', executed: false, error: { upstream: [{ code: 'BadUsage', message: 'Usage is not allowed.' }] } }]],
    });
  });

  it.each([403, 404, 412, 415])('with %i fails as a whole: halves would fare no better', (status) => {
    const decision = decide(three, answer(status, naming(1)));
    expect(decision.kind).toBe('verdicts');
    expect(verdictsOf(decision).map(([, { to, executed }]) => [to, executed])).toEqual(Array.from({ length: 3 }, () => ['failed', false]));
  });

  it('may have been executed by an earlier try, and then says so', () => {
    const decision = decide({ ...three, ambiguous: true }, answer(403));
    expect(verdictsOf(decision).map(([, { executed }]) => executed)).toEqual([true, true, true]);
  });
});

describe('a conflict on an account', () => {
  it.each([409, 412])('with %i at its creation means that it was there already', (status) => {
    expect(verdictsOf(decide(accountBatch({ create: true }), answer(status)))).toMatchObject([
      [0, { to: 'failed', executed: false, error: { code: 'AccountExists' } }],
    ]);
  });

  it.each([409, 412])('with %i at its replacement sends it again under a new pair, for it is read and merged anew', (status) => {
    expect(decide(accountBatch(), answer(status))).toEqual({ ...AGAIN, newPair: true, setback: true });
  });

  it.each([409, 412])('with a third %i gives up, in upstream’s own words', (status) => {
    expect(verdictsOf(decide(accountBatch({ setbacks: 2 }), answer(status, upstreamError)))).toMatchObject([
      [0, { error: { code: 'UpstreamConflict', upstream: [{ code: 'BadUsage', message: 'Usage is not allowed.' }] } }],
    ]);
  });

  it.each([
    [409, true],
    [412, true],
    [409, false],
    [412, false],
  ])('with %i after a try of unknown outcome (creation: %s) is read back', (status, create) => {
    expect(decide(accountBatch({ create, ambiguous: true }), answer(status))).toEqual({ kind: 'readBack' });
  });
});

describe('an answer about the caller or the moment', () => {
  it('401 is tried again at once the first time, and then after a pause', () => {
    expect(decide(three, answer(401))).toEqual({ ...AGAIN, setback: true });
    expect(decide({ ...three, setbacks: 1 }, answer(401))).toEqual({ ...AGAIN, setback: true, afterMs: 60_000 });
  });

  it.each([429, 503])('%i waits as long as it is told, else a minute', (status) => {
    const ambiguous = status === 503;
    expect(decide(three, answer(status, undefined, { retryAfterMs: 7_000 }))).toEqual({ ...AGAIN, ambiguous, afterMs: 7_000 });
    expect(decide(three, answer(status))).toEqual({ ...AGAIN, ambiguous, afterMs: 60_000 });
  });

  it.each([500, 502, 504, 599])('%i leaves open whether it was executed', (status) => {
    expect(decide(three, answer(status))).toEqual({ kind: 'quarantine' });
  });

  it.each([100, 302, 304])('%i means nothing: it is tried again later', (status) => {
    expect(decide(three, answer(status))).toEqual({ ...AGAIN, afterMs: 60_000 });
  });
});

describe('no answer', () => {
  it('is ambiguous when it may have left', () => {
    expect(decide(three, { kind: 'ambiguous', reason: 'timeout' })).toEqual({ kind: 'quarantine' });
  });

  it.each(['permitExpired', 'noToken', 'connectFailed', 'foreignLink'] as const)(
    'proves nothing was executed when it never left: %s',
    (reason) => {
      expect(decide(three, { kind: 'notSent', reason })).toEqual({ ...AGAIN, afterMs: 1_000 });
    },
  );
});

describe('a rejected repeatability pair', () => {
  const rejected = answer(400, undefined, { repeatability: 'rejected' });

  it('is replaced when nothing was executed under it', () => {
    expect(decide(three, rejected)).toEqual({ ...AGAIN, newPair: true, setback: true });
  });

  it('leads to reading back when an earlier try may have been executed', () => {
    expect(decide({ ...three, ambiguous: true }, rejected)).toEqual({ kind: 'readBack' });
  });

  it('is not answered at once for ever', () => {
    expect(decide({ ...three, setbacks: 3 }, rejected)).toMatchObject({ kind: 'again', afterMs: 60_000 });
  });
});

describe('repeating the pair', () => {
  const unknown: Batch = { ...three, ambiguous: true };
  it.each([
    ['inside its window', unknown, REPEAT_WINDOW_MS, false],
    ['after its window', unknown, REPEAT_WINDOW_MS + 1, true],
    ['after its window when nothing is ambiguous', three, REPEAT_WINDOW_MS + 1, false],
    ['when it was decided to read back', { ...three, readBack: true }, 0, true],
  ])('%s', (_, batch, afterMs, reads) => {
    expect(mustReadBack(batch, NOW_MS + afterMs)).toBe(reads);
  });
});

describe('an answer to a release', () => {
  const release = batchOf(digitsFrom(0, 2), { kind: 'release' });
  const one = batchOf(digitsFrom(0, 1), { kind: 'release' });
  const ends = (decision: Decision) => verdictsOf(decision).map(([, { to, executed }]) => [to, executed]);

  it('of 204 leaves all its numbers to be looked at: what was synced lingers', () => {
    expect(ends(decide(release, answer(204)))).toEqual([
      ['submitted', true],
      ['submitted', true],
    ]);
  });

  it('of 404 tells that a single number is gone, and of several nothing yet', () => {
    expect(ends(decide(one, answer(404, upstreamError)))).toEqual([['succeeded', true]]);
    expect(ends(decide(release, answer(404, upstreamError))).map(([to]) => to)).toEqual(['submitted', 'submitted']);
  });

  it('of 400 looks for the culprit like any other', () => {
    expect(decide(release, answer(400, upstreamError))).toMatchObject({ kind: 'split', parts: [[0], [1]] });
  });
});
