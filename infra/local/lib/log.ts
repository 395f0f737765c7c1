/** Emulators answer on stdout with one JSON line when ready and log everything else to stderr. */
export type Log = (message: string, fields?: Record<string, unknown>) => void;

export const stderrLog =
  (part: string): Log =>
  (message, fields) =>
    void process.stderr.write(`${new Date().toISOString()} ${part} ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`);

export const silentLog: Log = () => undefined;

/** The one line on stdout by which a starter knows that a part serves, and where. */
export const printReady = (facts: Record<string, unknown>): void => void process.stdout.write(`${JSON.stringify(facts)}\n`);
