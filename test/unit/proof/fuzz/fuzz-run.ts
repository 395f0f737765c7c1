/** Sends the requests of many seeds and tells what is wrong with the answers; a seed brings its request back. */
import type { Contract } from '../../../../shared/platform/http/contract.ts';
import type { AnswerCheck, SeenAnswer } from '../../../support/answer-check.ts';
import { fuzzRequest, type FuzzRequest } from './fuzz-request.ts';
import type { Send } from './send-in-process.ts';

export type FuzzFailure = { seed: number; route: string; what: string; problems: string[] };

export type FuzzWorld = {
  contracts: readonly Contract[];
  valuesFor: (contract: Contract) => Readonly<Record<string, string>>;
  send: Send;
  check: AnswerCheck;
  /** Done before each request; answers a look at what the request has changed, undefined where that cannot be told. */
  begin: () => (() => string[]) | undefined;
};

export type FuzzOptions = { from: number; count: number; deadlineMs?: number; onlyRefused?: boolean };

const DEADLINE_MS = 10_000;
/** As stacks of Node look, and what a driver or a runtime says of itself. */
const TRACES = /\n\s+at |\.ts:\d+|\.js:\d+|node:internal|node_modules|ZodError|TypeError|RangeError|SyntaxError|RestError/;

const within = async <T>(work: Promise<T>, deadlineMs: number): Promise<T | undefined> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), deadlineMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Asking the gateway anew keeps what it says. */
const isRead = ({ method, path }: FuzzRequest): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method) && !path.includes('refresh=true');

const answerProblems = (request: FuzzRequest, answer: SeenAnswer, check: AnswerCheck): string[] => [
  ...(answer.status >= 500 ? [`${answer.status} ${answer.headers.get('x-ms-error-code') ?? ''}`] : []),
  ...(request.mustFail && answer.status < 400 ? [`accepted with ${answer.status}`] : []),
  ...(answer.status >= 400 && TRACES.test(answer.text) ? [`a trace in the answer: ${answer.text.slice(0, 300)}`] : []),
  ...check(request.method, `/api/${new URL(request.path, 'https://x/api/').pathname.replace(/^\/api\//, '')}`, answer),
];

const pollution = (): string[] => {
  const polluted = 'polluted' in {} || 'polluted' in (() => undefined);
  Reflect.deleteProperty(Object.prototype, 'polluted');
  return polluted ? ['a prototype is polluted'] : [];
};

/** What the request of `seed` brings to light; nothing when all is well. */
export const fuzzOne = async (
  world: FuzzWorld,
  seed: number,
  { deadlineMs = DEADLINE_MS, onlyRefused = false }: Partial<FuzzOptions> = {},
): Promise<FuzzFailure | undefined> => {
  const contract = world.contracts[seed % world.contracts.length];
  if (contract === undefined) throw new Error('no contracts');
  const request = fuzzRequest(seed, contract, world.valuesFor(contract));
  if (onlyRefused && !request.mustFail) return undefined;
  const changes = world.begin();
  const outcome = await within(
    world.send(request).catch((thrown: unknown) => `thrown: ${String(thrown)}`),
    deadlineMs,
  );
  const problems =
    outcome === undefined
      ? ['no answer in time']
      : typeof outcome === 'string'
        ? [outcome]
        : [
            ...answerProblems(request, outcome, world.check),
            ...(outcome.status >= 400 || isRead(request) ? (changes?.() ?? []) : []).map(
              (change) => `${outcome.status} but changed ${change}`,
            ),
            ...pollution(),
          ];
  return problems.length === 0
    ? undefined
    : { seed, route: contract.name, what: `${request.method} ${request.path.slice(0, 200)}: ${request.what.join('; ')}`, problems };
};

export const fuzz = async (world: FuzzWorld, options: FuzzOptions): Promise<FuzzFailure[]> => {
  const failures: FuzzFailure[] = [];
  for (let seed = options.from; seed < options.from + options.count; seed++) {
    const failure = await fuzzOne(world, seed, options);
    if (failure) failures.push(failure);
  }
  return failures;
};

const MOST_SHOWN = 20;

/** For a test to show; the first of each route and kind, and not too many of them. */
export const toReport = (failures: readonly FuzzFailure[]): string[] =>
  [...Map.groupBy(failures, ({ route, problems }) => `${route} ${problems[0] ?? ''}`)]
    .slice(0, MOST_SHOWN)
    .map(([, [first, ...others]]) =>
      first === undefined ? '' : `FUZZ_SEED=${first.seed} (and ${others.length} like it) ${first.what} -> ${first.problems.join(' | ')}`,
    );
