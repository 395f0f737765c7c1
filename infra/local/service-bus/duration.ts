/** ISO 8601 durations of whole seconds, as the configuration writes them. */
const PATTERN = /^P(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+)S)?)?$/;

/** Milliseconds of a text such as `PT1M`; undefined when it is none. */
export const fromIsoDuration = (text: string): number | undefined => {
  const groups = PATTERN.exec(text)?.groups;
  if (!groups || text.endsWith('P') || text.endsWith('T')) return undefined;
  const part = (name: string): number => Number(groups[name] ?? 0);
  return (((part('days') * 24 + part('hours')) * 60 + part('minutes')) * 60 + part('seconds')) * 1000;
};
