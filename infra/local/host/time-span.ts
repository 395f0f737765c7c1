/** Durations in .NET's `[d.]hh:mm:ss[.fff]` form, the only one that host.json knows. */

const TIME_SPAN = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/;

/** The milliseconds of a time span, or undefined when the text is none. */
export const fromTimeSpan = (text: string): number | undefined => {
  const match = TIME_SPAN.exec(text);
  if (!match) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const wholeSeconds = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return wholeSeconds * 1000 + Math.trunc(Number(`0.${fraction || '0'}`) * 1000);
};
