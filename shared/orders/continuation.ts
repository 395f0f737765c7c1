/** Pure: the opaque token that carries a listing on: the place in the order of the next item to show. */
import { MAX_NUMBERS } from './model.ts';

const TOKEN = /^1\.(\d{1,5})$/;

export const toContinuationToken = (at: number): string => Buffer.from(`1.${at}`).toString('base64url');

/** Undefined for what `toContinuationToken` did not make. */
export const fromContinuationToken = (token: string): number | undefined => {
  const at = TOKEN.exec(Buffer.from(token, 'base64url').toString('latin1'))?.[1];
  if (at === undefined || Number(at) > MAX_NUMBERS) return undefined;
  return toContinuationToken(Number(at)) === token ? Number(at) : undefined;
};
