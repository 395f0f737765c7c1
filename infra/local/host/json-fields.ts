/** Reads fields of host.json by kind, with errors that name the field. */
import { fromTimeSpan } from './time-span.ts';

export class HostJsonError extends Error {}

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object at a path; an empty one when nothing is there. */
export const section = (root: Json, ...path: string[]): Json => {
  const found = path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
  if (found !== undefined && !isObject(found)) throw new HostJsonError(`host.json: ${path.join('.')} must be an object.`);
  return found ?? {};
};

export const refuseUnknown = (json: Json, known: string[], where: string): void => {
  const unknown = Object.keys(json).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new HostJsonError(`host.json: unknown in ${where}: ${unknown.join(', ')}`);
};

export const text = (json: Json, key: string, fallback: string): string => {
  const value = json[key] ?? fallback;
  if (typeof value !== 'string') throw new HostJsonError(`host.json: ${key} must be a string.`);
  return value;
};

export const strings = (json: Json): Record<string, string> =>
  Object.fromEntries(Object.keys(json).map((key) => [key, text(json, key, '')]));

export const flag = (json: Json, key: string, fallback: boolean): boolean => {
  const value = json[key] ?? fallback;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new HostJsonError(`host.json: ${key} must be true or false.`);
};

export const count = (json: Json, key: string, fallback: number, least = 1): number => {
  const value = Number(json[key] ?? fallback);
  if (!Number.isInteger(value) || value < least) throw new HostJsonError(`host.json: ${key} must be a whole number of at least ${least}.`);
  return value;
};

export const span = (json: Json, key: string, fallbackMs: number): number => {
  const value = json[key];
  if (value === undefined || value === null) return fallbackMs;
  const ms = typeof value === 'string' ? fromTimeSpan(value) : undefined;
  if (ms === undefined) throw new HostJsonError(`host.json: ${key} must be a time span such as 00:01:00.`);
  return ms;
};
