/** Pure: what is known of the table service's clock, learned from the times that its ETags carry. */

/** Bounds of (service time - own time). */
export type ServiceClock = { lowMs: number; highMs: number };

/** One write: own clock before and after, and the service's time of it. */
export type ClockSample = { startedMs: number; endedMs: number; serviceMs: number };

/** The ETag of Table Storage is `W/"datetime'<time, percent-encoded>'"` with 100 ns digits; undefined when it is not. */
export const timeOfEtag = (etag: string): number | undefined => {
  const text = /datetime'([^']+)'/.exec(etag)?.[1];
  const ms = text === undefined ? Number.NaN : Date.parse(decodeURIComponent(text));
  return Number.isNaN(ms) ? undefined : ms;
};

/** Narrows the bounds; a sample that contradicts them (a clock was set, or drifted) replaces them. */
export const learn = (known: ServiceClock | undefined, { startedMs, endedMs, serviceMs }: ClockSample): ServiceClock => {
  const sample = { lowMs: serviceMs - endedMs, highMs: serviceMs - startedMs };
  if (!known) return sample;
  const both = { lowMs: Math.max(known.lowMs, sample.lowMs), highMs: Math.min(known.highMs, sample.highMs) };
  return both.lowMs <= both.highMs ? both : sample;
};

/** The service's time at which a write started at `ownMs` will land, as far as is known. */
export const toServiceMs = (known: ServiceClock, ownMs: number): number => ownMs + known.highMs;
/** The earliest own time at which the service's clock can have shown `serviceMs`. */
export const toOwnMs = (known: ServiceClock, serviceMs: number): number => serviceMs - known.highMs;
