/** The most arrivals that any window holds, counted without regard to how they were allowed. */
export const maxInAnyWindow = (arrivalsMs: readonly number[], windowMs = 60_000): number => {
  const sorted = [...arrivalsMs].sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  sorted.forEach((ms, last) => {
    while (ms - (sorted[first] ?? ms) >= windowMs) first++;
    most = Math.max(most, last - first + 1);
  });
  return most;
};
