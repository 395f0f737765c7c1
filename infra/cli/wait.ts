/** Looks at something again and again until it has ended, and says how far it is. */
import type { Io } from './io.ts';

const EVERY_MS = 2_000;

/** Asks until `isEnded`; `tell` makes the line of progress, which is printed when it changes. */
export const waitFor = async <T>(io: Io, ask: () => Promise<T>, isEnded: (value: T) => boolean, tell: (value: T) => string): Promise<T> => {
  let said = '';
  for (;;) {
    const value = await ask();
    const line = tell(value);
    if (line !== said) io.progress(line);
    said = line;
    if (isEnded(value)) {
      io.err('');
      return value;
    }
    await io.sleep(EVERY_MS);
  }
};
