/** What the CLI needs of the world around it. */

export type Io = {
  /** A line of the result. */
  out: (line: string) => void;
  /** A line about the work: progress, hints, problems. */
  err: (line: string) => void;
  /** Overwrites the last line of progress where somebody is looking on. */
  progress: (line: string) => void;
  readText: (path: string) => Promise<string>;
  environment: Readonly<Record<string, string | undefined>>;
  nowMs: () => number;
  sleep: (ms: number) => Promise<void>;
  newKey: () => string;
  fetch: typeof fetch;
  /** Resolves when the user has had enough (Ctrl-C). */
  interrupted: Promise<void>;
};
