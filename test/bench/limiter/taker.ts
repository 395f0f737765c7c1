/** One process of the benchmark `limiter-safety`: takes permits for as long as it is told, and says on stdout when it used each. */
import { BUDGET_TABLE } from '../../../shared/platform/budget/ledger-row.ts';
import { makeTableBudget } from '../../../shared/platform/budget/table-budget.ts';
import { azureRowStore } from '../../../shared/platform/tables/azure-row-store.ts';
import { tableClient } from '../../../shared/platform/tables/client.ts';
import { fastClock, fastStore, type FastTime, trueNow } from './fast-time.ts';

export type TakerTask = FastTime & {
  connectionString: string;
  limit: number;
  takers: number;
  /** Everything in true fast time. */
  untilMs: number;
  /** Ends without a word, with permits in its hands. */
  crashAtMs?: number;
  /** Upstream moves to another region: this process pauses everybody. */
  pauseAtMs?: number;
  pauseMs?: number;
};
/** One line of stdout. */
export type TakerLine = { usedAtMs: number } | { operations: number; conflicts: number; unused: number };

/** How long a request takes, and who looks at its permit when, in fast time. */
const REQUEST_MS = 300;
const READY_MS = 100;

const say = (line: TakerLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const run = async (task: TakerTask): Promise<void> => {
  const clock = fastClock(task);
  const table = fastStore(azureRowStore(tableClient({ connectionString: task.connectionString }, BUDGET_TABLE)), task);
  const budget = makeTableBudget({ store: table.store, limitPerMinute: task.limit, clock, random: Math.random });
  let unused = 0;
  const take = async (): Promise<void> => {
    while (trueNow(task) < task.untilMs) {
      const permit = await budget.takePermit({ permitClass: 'orders', partner: 'acme' }, task.untilMs - trueNow(task));
      if (!permit) continue;
      await clock.sleep(Math.random() * READY_MS);
      if (task.crashAtMs !== undefined && trueNow(task) > task.crashAtMs) process.exit(0);
      if (clock.now() > permit.usableUntilMs) unused++;
      else {
        say({ usedAtMs: trueNow(task) });
        await clock.sleep(REQUEST_MS);
        await budget.endProbe(true);
      }
    }
  };
  const pause = async (): Promise<void> => {
    if (task.pauseAtMs === undefined) return;
    await clock.sleep(task.pauseAtMs - trueNow(task));
    await budget.pauseUpstream(task.pauseMs ?? 0);
  };
  await Promise.all([pause(), ...Array.from({ length: task.takers }, take)]);
  say({ operations: table.operations(), conflicts: table.conflicts(), unused });
};

await run(JSON.parse(process.argv[2] ?? '{}') as TakerTask);
