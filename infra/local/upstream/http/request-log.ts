/** A list of every request with its arrival time, so that "requests in any 60 s" is measured here and not by the caller. */
export type LoggedRequest = {
  atMs: number;
  method: string;
  /** Template of the route, without keys; null when there is none. */
  route: string | null;
  operation: string | null;
  account: string | null;
  /** Null while unanswered, and for ever when the answer was withheld. */
  status: number | null;
  fault?: string;
};

export type RequestLog = { add: (entry: LoggedRequest) => LoggedRequest; all: () => readonly LoggedRequest[]; clear: () => void };

const MAX_LOGGED = 200_000;

export const createRequestLog = (): RequestLog => {
  let entries: LoggedRequest[] = [];
  return {
    add: (entry) => {
      if (entries.length >= 2 * MAX_LOGGED) entries = entries.slice(-MAX_LOGGED);
      entries.push(entry);
      return entry;
    },
    all: () => entries.slice(-MAX_LOGGED),
    clear: () => void (entries = []),
  };
};
