/** ETags under any order of writers, readers and passing time: a version names one state of one resource, and locks it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { account, emulatorWorld, number } from './emulator-world.ts';

type Step =
  | { kind: 'put'; who: number; resource: number; conditional: boolean }
  | { kind: 'get'; who: number; resource: number }
  | { kind: 'wait'; ms: number };

const who = fc.integer({ min: 0, max: 2 });
const resource = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), who, resource, conditional: fc.boolean() }),
  fc.record({ kind: fc.constant('get' as const), who, resource }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 9_000 }) }),
);

const PATHS = ['/accounts/a', '/accounts/a/numbers/+15105850001', '/accounts/a/numbers/+15105850002'];
const BODIES = [account('a'), number('+15105850001', 'a'), number('+15105850002', 'a')];

test.each([true, false])(
  'a conditional write succeeds exactly when its writer has seen the latest version (sync changes it: %s)',
  (etagChangesOnSync) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const emulator = emulatorWorld({ etagChangesOnSync });
        emulator.call('PUT', PATHS[0] ?? '', { body: BODIES[0] });
        /** Last version each of three clients saw of each resource. */
        const known = new Map<string, string>();
        const current = (path: string) => emulator.call('GET', path).headers['ETag'];
        const stateOf = new Map<string, string>();
        for (const one of steps) {
          if (one.kind === 'wait') {
            emulator.clock.advance(one.ms);
            continue;
          }
          const path = PATHS[one.resource] ?? '';
          const key = `${one.who} ${path}`;
          const before = current(path);
          const seen = known.get(key) ?? 'nothing';
          const headers = one.kind === 'put' && one.conditional ? { 'if-match': seen } : {};
          const answer = emulator.call(one.kind === 'put' ? 'PUT' : 'GET', path, {
            headers,
            body: one.kind === 'put' ? BODIES[one.resource] : undefined,
          });
          if ('if-match' in headers) expect(answer.status === 412).toBe(seen !== before);
          const etag = answer.headers['ETag'];
          if (etag === undefined) continue;
          known.set(key, etag);
          expect(answer.status === 200 && one.kind === 'get' ? before : current(path)).toBe(etag);
          // One version, one state.
          const state = JSON.stringify(answer.body).replace(/"numberCount":\d+/, '');
          expect(stateOf.get(etag) ?? state).toBe(etagChangesOnSync ? state : (stateOf.get(etag) ?? state));
          stateOf.set(etag, state);
        }
      }),
      { numRuns: 100 },
    );
  },
);

test('of many writers holding one version, the first wins and all others get 412', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 10 }), (writers) => {
      const emulator = emulatorWorld();
      const etag = emulator.call('PUT', '/accounts/a', { body: account('a') }).headers['ETag'] ?? '';
      const statuses = Array.from(
        { length: writers },
        () => emulator.call('PUT', '/accounts/a', { body: account('a'), headers: { 'if-match': etag } }).status,
      );
      expect(statuses).toEqual([200, ...Array.from({ length: writers - 1 }, () => 412)]);
    }),
  );
});
