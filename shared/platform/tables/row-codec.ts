/** Row values as table properties: JSON text when small, deflated binary chunks when large. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A string property holds 32,768 UTF-16 units, a binary one 64 KiB (Learn, "Understanding the Table service data model"). */
const MAX_TEXT_UNITS = 30_000;
const MAX_CHUNK_BYTES = 64 * 1024;
/** What names, types and keys of an entity add on the wire. */
const ENTITY_OVERHEAD_BYTES = 400;

export type RowProperties = Record<string, string | Uint8Array>;

/** One text where it fits, else compressed pieces: a property holds 64 KiB. */
export const toProperties = (value: unknown): RowProperties => {
  const json = JSON.stringify(value);
  if (json.length <= MAX_TEXT_UNITS) return { json };
  const packed = deflateRawSync(json, { level: 1 });
  const properties: RowProperties = {};
  for (let at = 0, n = 0; at < packed.length; at += MAX_CHUNK_BYTES, n++) properties[`z${n}`] = packed.subarray(at, at + MAX_CHUNK_BYTES);
  return properties;
};

export const fromProperties = (properties: Record<string, unknown>): unknown => {
  if (typeof properties['json'] === 'string') return JSON.parse(properties['json']);
  const chunks: Uint8Array[] = [];
  for (let n = 0; properties[`z${n}`] instanceof Uint8Array; n++) chunks.push(properties[`z${n}`] as Uint8Array);
  return JSON.parse(inflateRawSync(Buffer.concat(chunks)).toString('utf8'));
};

/** Bytes of one row as sent: base64 and JSON escapes counted. */
export const wireBytesOf = (properties: RowProperties): number =>
  Object.values(properties).reduce<number>(
    (sum, p) => sum + (typeof p === 'string' ? Buffer.byteLength(JSON.stringify(p)) : Math.ceil(p.length / 3) * 4),
    ENTITY_OVERHEAD_BYTES,
  );
