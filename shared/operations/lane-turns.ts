/** Lets the steps that this process takes in one lane happen one after the other: at once they would only lose races against each other. */

/** Runs `act` when everything asked for before it in this lane is over. An `act` must not ask for a turn in its own lane. */
export type InTurn = <T>(lane: string, act: () => Promise<T>) => Promise<T>;

export const makeLaneTurns = (): InTurn => {
  const last = new Map<string, Promise<void>>();
  return (lane, act) => {
    const mine = (last.get(lane) ?? Promise.resolve()).then(act);
    const over = mine.then(
      () => undefined,
      () => undefined,
    );
    last.set(lane, over);
    void over.then(() => {
      if (last.get(lane) === over) last.delete(lane);
    });
    return mine;
  };
};
