/** The shared budget among processes of their own over Azurite, with time four times as fast. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { BUDGET_TABLE } from '../../shared/platform/budget/ledger-row.ts';
import { DEFAULT_TIMES } from '../../shared/platform/budget/rules.ts';
import { ensureTables } from '../../shared/platform/tables/client.ts';
import { startTestAzurite } from '../support/azurite.ts';
import { maxInAnyWindow } from '../unit/budget/sliding-window.ts';
import type { Figures } from './benchmark.ts';
import type { TakerLine, TakerTask } from './limiter/taker.ts';

const SPEED = 4;
const LIMIT = 100;
/** As many as a host has sessions. */
const TAKERS = 64;
/** A permit is free again so long after it was taken: the most that a ledger of this kind can give is the limit once in this time. */
const CYCLE_MS = DEFAULT_TIMES.heldMs + DEFAULT_TIMES.slotMs;
const CYCLES = 3;
/** Processes start one after the other on a busy machine. */
const START_REAL_MS = 3_000;
/** The last cycle's permits have a while to be used. */
const TAIL_MS = 12_000;

type Extra = Pick<Partial<TakerTask>, 'skewMs' | 'crashAtMs' | 'pauseAtMs' | 'pauseMs'>;
type Outcome = { usedMs: number[]; operations: number; conflicts: number; unused: number };

const TAKER = fileURLToPath(new URL('limiter/taker.ts', import.meta.url));

const runTaker = async (task: TakerTask): Promise<TakerLine[]> => {
  const child = spawn(process.execPath, [TAKER, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`a taker ended with ${code ?? 'a signal'}`);
  return output.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as TakerLine]));
};

const gather = (lines: readonly TakerLine[]): Outcome => {
  const sums = lines.flatMap((line) => ('operations' in line ? [line] : []));
  const sum = (of: (line: (typeof sums)[number]) => number): number => sums.reduce((total, line) => total + of(line), 0);
  return {
    usedMs: lines.flatMap((line) => ('usedAtMs' in line ? [line.usedAtMs] : [])),
    operations: sum((line) => line.operations),
    conflicts: sum((line) => line.conflicts),
    unused: sum((line) => line.unused),
  };
};

/** One process for each of `extras`, over a row of their own; times in `extras` count from the start. */
const runTogether = async (extras: readonly Extra[]): Promise<Outcome> => {
  const azurite = await startTestAzurite();
  try {
    const { connectionString } = azurite;
    await ensureTables({ connectionString }, [BUDGET_TABLE]);
    const originMs = Date.now() + START_REAL_MS;
    const at = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : originMs + ms);
    const common = { connectionString, originMs, speed: SPEED, limit: LIMIT, takers: TAKERS, skewMs: 0 };
    const tasks = extras.map((extra): TakerTask => {
      const [crashAtMs, pauseAtMs] = [at(extra.crashAtMs), at(extra.pauseAtMs)];
      const times = { ...(crashAtMs === undefined ? {} : { crashAtMs }), ...(pauseAtMs === undefined ? {} : { pauseAtMs }) };
      return { ...common, ...extra, ...times, untilMs: originMs + (CYCLES - 1) * CYCLE_MS + TAIL_MS };
    });
    return gather((await Promise.all(tasks.map(runTaker))).flat());
  } finally {
    await azurite.close();
  }
};

const figuresOf = (name: string, { usedMs, operations, conflicts, unused }: Outcome): Figures => ({
  [`${name}, most in 60 s`]: maxInAnyWindow(usedMs),
  [`${name}, used / possible`]: usedMs.length / (CYCLES * LIMIT),
  [`${name}, table operations / permit`]: operations / usedMs.length,
  [`${name}, conflicts / permit`]: conflicts / usedMs.length,
  [`${name}, too old when used`]: unused,
});

/** Clocks up to 2 s wrong, a process that dies with permits in its hands, and a pause after which all go on. */
const TROUBLE: readonly Extra[] = [
  { skewMs: 2_000, pauseAtMs: CYCLE_MS + 20_000, pauseMs: 30_000 },
  { skewMs: -2_000 },
  { skewMs: 700, crashAtMs: CYCLE_MS },
  { skewMs: 0 },
];

export const measureLimiterSafety = async (): Promise<Figures> => {
  const figures: Figures = {};
  for (const count of [1, 4, 8]) {
    const outcome = await runTogether(Array.from({ length: count }, () => ({})));
    Object.assign(figures, figuresOf(`${count} ${count === 1 ? 'process' : 'processes'}`, outcome));
  }
  const { usedMs } = await runTogether(TROUBLE);
  return { ...figures, 'skew, crash and pause, most in 60 s': maxInAnyWindow(usedMs), 'skew, crash and pause, used': usedMs.length };
};
