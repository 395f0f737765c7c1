/** Pure: what upstream's lists were found to support; each finding holds for a day, or until an answer contradicts it. */

/** Nothing of this is documented for 2024-02-29-preview, so nothing is believed for longer without another look. */
export const RECHECK_MS = 86_400_000;
/** Upstream publishes no cap for this version; 500 was the cap of the last one that did (2023-10-01 swagger). */
export const PAGE_SIZE = 500;

export type Finding = { holds: boolean; atMs: number };

export type Capabilities = {
  v: 1;
  /** Lists are in ascending order of telephone number, and `skip` counts positions of that order. */
  order?: Finding;
  /** `filter` is honoured for a range of telephone numbers. */
  range?: Finding;
  /** The list of all accounts' numbers can be read; it is taken for granted until it cannot. */
  all?: Finding;
  /** Records on a page when more were asked for. */
  cap?: { size: number; atMs: number };
};

export type Capability = 'order' | 'range' | 'all';

export const NO_CAPABILITIES: Capabilities = { v: 1 };

/** Undefined when nobody has looked for a day. */
export const holds = (found: Capabilities, what: Capability, nowMs: number): boolean | undefined => {
  const finding = found[what];
  return finding && nowMs - finding.atMs < RECHECK_MS ? finding.holds : undefined;
};

export const withFinding = (found: Capabilities, what: Capability, isTrue: boolean, nowMs: number): Capabilities => ({
  ...found,
  [what]: { holds: isTrue, atMs: nowMs },
});

/** Records that a page is expected to hold. */
export const pageSizeOf = ({ cap }: Capabilities, nowMs: number): number =>
  cap && nowMs - cap.atMs < RECHECK_MS ? Math.min(cap.size, PAGE_SIZE) : PAGE_SIZE;

/** After a page of `rows` records that was not the last one; undefined when that tells nothing new. */
export const withPageSeen = (found: Capabilities, rows: number, nowMs: number): Capabilities | undefined => {
  if (rows === 0 || rows === pageSizeOf(found, nowMs)) return undefined;
  return { ...found, cap: { size: rows, atMs: nowMs } };
};
