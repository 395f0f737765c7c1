/** A page of 500 numbers over HTTPS from the upstream emulator, in an account of 100,000 against one of 1,000. */
import { startTestUpstream } from '../support/upstream-emulator.ts';
import type { Figures } from './benchmark.ts';
import { p95 } from './timing.ts';

const PAGES = 150;
const PAGE = 500;
const SMALL = 1_000;
const LARGE = 100_000;
const STRIDE = 797;

const serviceDetails = {
  teamsOperatorConnect: { enabled: true, configuration: { usage: 'CallingUserAssignment', choosableCapabilities: ['InboundCalling'] } },
};

export const measureUpstreamPage = async (): Promise<Figures> => {
  // Answers go unchecked: here the specification is not what is measured.
  const upstream = await startTestUpstream({ spoilsAnswers: true });
  try {
    const seeded = await upstream.control('POST', 'accounts', {
      accounts: ['small', 'large'].map((name) => ({
        name,
        serviceDetails: { teamsOperatorConnect: { enabled: true, syncEnabled: true } },
      })),
      ranges: [
        { first: '+441000000000', count: SMALL, accountName: 'small', serviceDetails },
        { first: '+442000000000', count: LARGE, accountName: 'large', serviceDetails },
      ],
    });
    if (seeded.status !== 200) throw new Error(`seed: ${seeded.status} ${seeded.text}`);
    const read = async (name: string, skip: number): Promise<number> => {
      const startMs = performance.now();
      const reply = await upstream.call('GET', `/accounts/${name}/numbers`, { query: { maxpagesize: String(PAGE), skip: String(skip) } });
      if (!Array.isArray(reply.body['value']) || reply.body['value'].length !== PAGE) throw new Error(`page: ${reply.status}`);
      return performance.now() - startMs;
    };
    const measure = async (): Promise<{ small: number[]; large: number[] }> => {
      const [small, large]: [number[], number[]] = [[], []];
      for (let page = 0; page < PAGES; page++) {
        small.push(await read('small', (page % 2) * PAGE));
        large.push(await read('large', (page * STRIDE) % (LARGE - PAGE)));
      }
      return { small, large };
    };
    await measure();
    const { small, large } = await measure();
    return { 'large, p95 ms': p95(large), 'small, p95 ms': p95(small), 'large / small': p95(large) / p95(small) };
  } finally {
    await upstream.close();
  }
};
