/** Makes a row store look like the table service on the wire: ETags that carry its time, and calls that take a while. */
import type { Row, RowStore, RowWrite } from '../../shared/platform/tables/row-store.ts';
import type { Clock } from '../../shared/platform/time/clock.ts';

/** Below a millisecond, so that two writes within one differ. */
const FRACTION_STEPS = 10_000;

const toEtag = (ms: number, n: number): string => {
  const fraction = (n % FRACTION_STEPS).toString().padStart(4, '0');
  return `W/"datetime'${encodeURIComponent(new Date(ms).toISOString().replace('Z', `${fraction}Z`))}'"`;
};

/** `clock` is the service's; `latencyMs` is asked for each way of each call. */
export const timedRowStore = (inner: RowStore, clock: Clock, latencyMs: () => number = () => 0): RowStore => {
  const innerEtags = new Map<string, string>();
  const outerEtags = new Map<string, string>();
  let writes = 0;
  const toInner = (write: RowWrite): RowWrite =>
    (write.kind === 'replace' || write.kind === 'delete') && write.etag !== undefined
      ? { ...write, etag: innerEtags.get(write.etag) ?? write.etag }
      : write;
  const toOuter = (row: Row): Row => ({ ...row, etag: outerEtags.get(row.etag) ?? row.etag });
  const name = (innerEtag: string): string => {
    const etag = toEtag(clock.now(), writes++);
    innerEtags.set(etag, innerEtag);
    outerEtags.set(innerEtag, etag);
    return etag;
  };
  const onTheWire = async <T>(call: () => Promise<T>): Promise<T> => {
    await clock.sleep(latencyMs());
    const result = await call();
    await clock.sleep(latencyMs());
    return result;
  };
  return {
    get: (partition, key) =>
      onTheWire(async () => {
        const row = await inner.get(partition, key);
        return row && toOuter(row);
      }),
    range: (partition, from, to, limit) => onTheWire(async () => (await inner.range(partition, from, to, limit)).map(toOuter)),
    commit: (partition, ws) =>
      onTheWire(async () => {
        const result = await inner.commit(partition, ws.map(toInner));
        if (result.outcome === 'conflict') return result;
        return { outcome: 'committed', etags: new Map([...result.etags].map(([key, etag]) => [key, name(etag)])) };
      }),
  };
};
