/** What a run shows while it goes on: one line that changes on a terminal, a line now and then elsewhere, nothing for machines. */
import type { Order } from './answers.ts';

export type Progress = {
  /** Something was done. */
  step: (text: string) => void;
  /** How far the work has come; replaces what it said before. */
  update: (text: string) => void;
};

/** `columns` is missing where the output is no terminal. */
export type Screen = { write: (text: string) => unknown; isTTY?: boolean; columns?: number };

const PLAIN_EVERY_MS = 5000;
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = '\r\u001b[2K';

export const silentProgress: Progress = { step: () => undefined, update: () => undefined };

export const progressOn = (screen: Screen, nowMs: () => number): Progress =>
  screen.isTTY === true ? liveProgress(screen) : plainProgress(screen, nowMs);

const liveProgress = (screen: Screen): Progress => ({
  step: (text) => void screen.write(`${CLEAR_LINE}  ${text}\n`),
  // A line longer than the screen would wrap and could not be taken back.
  update: (text) => void screen.write(`${CLEAR_LINE}  ${text}`.slice(0, CLEAR_LINE.length + (screen.columns ?? DEFAULT_COLUMNS) - 1)),
});

const plainProgress = (screen: Screen, nowMs: () => number): Progress => {
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    step: (text) => void screen.write(`  ${text}\n`),
    update: (text) => {
      if (nowMs() - lastMs < PLAIN_EVERY_MS) return;
      lastMs = nowMs();
      screen.write(`  ${text}\n`);
    },
  };
};

const BAR_CELLS = 20;

export const orderLine = ({ status, counts, percentComplete }: Order, upstreamRequests: number, seconds: number): string => {
  const full = Math.min(BAR_CELLS, Math.floor((percentComplete * BAR_CELLS) / 100));
  const bar = `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}] ${Math.floor(percentComplete)} %`;
  const { succeeded, failed, submitted, pending } = counts;
  const numbers = `${succeeded} succeeded, ${failed} failed, ${submitted} submitted, ${pending} pending`;
  return `${status} ${bar}  ${numbers}  ${upstreamRequests} upstream requests  ${seconds} s`;
};
