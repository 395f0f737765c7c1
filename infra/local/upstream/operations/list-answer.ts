/** A list of any resource as the API answers it. */
import type { Answer } from '../http/answer.ts';
import { listPage } from '../protocol/paging.ts';
import type { KeyList } from '../store/sorted-keys.ts';
import type { World } from '../world.ts';
import type { Call } from './call.ts';

/** One page of `keys`, or 400 for options that are wrong; what has no body is not there. */
export const listAnswer = (
  { settings, random }: World,
  { query, url }: Call,
  keys: KeyList,
  toBody: (key: string) => Record<string, unknown> | undefined,
): Answer => {
  const page = listPage({ keys, toBody, query, url, settings, random });
  return page.ok ? page.value : page.answer;
};
