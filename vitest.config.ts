import { defineConfig } from 'vitest/config';

/** How long `expect.poll` waits for what another process or a socket brings: a busy machine is no failure. */
const PATIENT = { poll: { timeout: 10_000 } };

/** By what they share the two cores of a small machine with: the simulator's files take a core each, a whole stack mostly waits. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'fast',
          include: ['test/{architecture,unit}/**/*.test.ts'],
          testTimeout: 120_000,
          expect: PATIENT,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'servers',
          include: ['test/{contract,integration}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: PATIENT,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'stack',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          expect: PATIENT,
          // A stack mostly waits: for the gateway's backend, for timers.
          maxWorkers: 4,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
