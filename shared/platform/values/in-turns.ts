/** Pure: a list in which those of different owners take turns. */

/** The first of each owner in the order given, then the second of each, and so on. */
export const inTurns = <T>(items: readonly T[], ownerOf: (item: T) => string): T[] => {
  const queues = [...Map.groupBy(items, ownerOf).values()];
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  return Array.from({ length: longest }, (_, n) => queues.flatMap((queue) => queue.slice(n, n + 1))).flat();
};
