/** Does something asynchronous once for all who ask. */

/** Runs `action` at the first call and gives everybody its outcome; after a failure the next call runs it again. */
export const once = <T>(action: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | undefined;
  return () => {
    running ??= action().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };
};
