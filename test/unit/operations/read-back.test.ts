import { describe, expect, it } from 'vitest';
import type { AskUpstream } from '../../../shared/operations/ask-upstream.ts';
import type { Member } from '../../../shared/operations/model.ts';
import { covers, provesExecution, readBack } from '../../../shared/operations/read-back.ts';
import { accountBatch, batchOf, digitsAt, digitsFrom, laneOf } from './samples.ts';

describe('what upstream holds covers what was wanted', () => {
  it.each([
    [{ a: 1, readOnly: true }, { a: 1 }, true],
    [{ a: { b: 'x', c: 2 } }, { a: { b: 'x' } }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1 }, { a: '1' }, false],
    [{ a: null }, { a: {} }, false],
    [undefined, { a: 1 }, false],
    [{}, {}, true],
    [{ list: ['x', 'y'] }, { list: ['x', 'y'] }, true],
    [{ list: ['x', 'y', 'z'] }, { list: ['x', 'y'] }, false],
    [{ list: 'x' }, { list: ['x'] }, false],
    [{ list: [{ a: 1, more: 2 }] }, { list: [{ a: 1 }] }, true],
    [{ a: null }, { a: null }, true],
    [{}, { a: null }, true],
    [{ a: 1 }, { a: null }, false],
    [{ a: 0 }, { a: false }, false],
  ])('%j covers %j: %s', (seen, wanted, answer) => {
    expect(covers(seen, wanted)).toBe(answer);
  });
});

describe('execution is proven', () => {
  const wanted = { usage: 'A' };
  it.each([
    [{ usage: 'A', serviceProvisioningStatus: 'synced' }, true],
    [{ usage: 'A', serviceProvisioningStatus: 'pending' }, true],
    [{ usage: 'A', serviceProvisioningStatus: 'failed' }, false],
    [{ usage: 'B', serviceProvisioningStatus: 'synced' }, false],
    [undefined, false],
  ])('by %j: %s', (seen, answer) => {
    expect(provesExecution(seen, wanted)).toBe(answer);
  });
});

describe('reading a batch back', () => {
  const wantedOf = ({ digits }: Member) => (digits === '' ? { companyName: 'Contoso' } : { telephoneNumber: `+${digits}`, usage: 'A' });
  const asking =
    (answers: Record<string, { status: number; body?: unknown } | undefined>): AskUpstream =>
    async ({ path }) => {
      const answer = answers[decodeURIComponent(path.split('/').at(-1) ?? '')];
      return answer && { kind: 'answer', body: undefined, ...answer };
    };
  const holding = (n: number, usage: string) => ({
    status: 200,
    body: { telephoneNumber: `+${digitsAt(n)}`, usage, serviceProvisioningStatus: 'pending' },
  });

  it('lets proven numbers wait for their synchronisation and sends the others again', async () => {
    const ask = asking({
      [`+${digitsAt(0)}`]: holding(0, 'A'),
      [`+${digitsAt(1)}`]: holding(1, 'B'),
      [`+${digitsAt(2)}`]: { status: 404 },
    });
    expect(await readBack(ask, laneOf(), batchOf(digitsFrom(0, 3)), wantedOf)).toEqual({
      kind: 'sendRest',
      verdicts: [[0, { to: 'submitted', executed: true }]],
      rest: [1, 2],
    });
  });

  it('concludes nothing while upstream cannot be read to the end', async () => {
    const ask = asking({ [`+${digitsAt(0)}`]: holding(0, 'A') });
    expect(await readBack(ask, laneOf(), batchOf(digitsFrom(0, 2)), wantedOf)).toMatchObject({
      kind: 'again',
      ambiguous: true,
      newPair: false,
    });
  });

  it('takes an account of its own making for created, and any other for taken', async () => {
    const batch = accountBatch({ create: true });
    const found = (companyName: string) => asking({ 'acme-contoso': { status: 200, body: { companyName } } });
    expect(await readBack(found('Contoso'), laneOf(), batch, wantedOf)).toMatchObject({ verdicts: [[0, { to: 'submitted' }]] });
    expect(await readBack(found('Fabrikam'), laneOf(), batch, wantedOf)).toMatchObject({
      verdicts: [[0, { to: 'failed', executed: false, error: { code: 'AccountExists' } }]],
    });
  });

  it('sends a creation again when there is no account', async () => {
    const ask = asking({ 'acme-contoso': { status: 404 } });
    expect(await readBack(ask, laneOf(), accountBatch({ create: true }), wantedOf)).toEqual({ kind: 'sendRest', verdicts: [], rest: [0] });
  });
});

describe('reading a release back', () => {
  it('sends it all again under a new pair, without asking: releasing twice is harmless', async () => {
    const ask: AskUpstream = () => Promise.reject(new Error('nothing is asked'));
    const batch = batchOf(digitsFrom(0, 2), { kind: 'release' });
    expect(await readBack(ask, laneOf(), batch, () => ({}))).toEqual({ kind: 'sendRest', verdicts: [], rest: [0, 1] });
  });
});
