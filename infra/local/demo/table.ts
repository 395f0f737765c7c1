/** The end of a run for a person: what came of it, and whether that was expected: pure. */
import type { Check, DemoResult } from './checks.ts';

export const table = (result: DemoResult, checks: readonly Check[]): string => {
  const { webhooks, caughtUp } = result;
  const rows: [string, string][] = [
    ['Numbers', `${result.numbers}`],
    ['Succeeded', `${result.succeeded}`],
    ['Failed', `${result.failed}`],
    ...tally(result.failures).map((text): [string, string] => ['', text]),
    ['Upstream requests', `${result.upstreamRequests}, at most ${result.maxRequestsIn60s} in any 60 s`],
    ['Webhooks', `${webhooks.received} received, ${webhooks.verified} verified, ${webhooks.gaps} gaps, ${webhooks.duplicates} duplicates`],
    ['Caught up', `${caughtUp.received} of ${caughtUp.missed} missed by a receiver that was away, ${caughtUp.gaps} gaps`],
    ['Seconds', `${result.seconds}`],
  ];
  const facts = rows.map(([name, value]) => `  ${name.padEnd(20)}${value}`);
  const width = Math.max(...checks.map(({ name }) => name.length));
  const verdicts = checks.map(({ name, ok, seen }) => `  ${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(width)}  ${seen}`);
  return ['', ...facts, '', ...verdicts, ''].join('\n');
};

/** One line for a run that did not go as expected; undefined when it did. */
export const complaint = (checks: readonly Check[]): string | undefined => {
  const failed = checks.filter(({ ok }) => !ok).map(({ name, seen }) => `${name} (${seen})`);
  return failed.length === 0 ? undefined : `Not as expected: ${failed.join('; ')}.`;
};

/** Each text once, with how often it came. */
const tally = (texts: readonly string[]): string[] => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${count} x ${text}`);
};
