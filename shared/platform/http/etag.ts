/** Pure: strong ETags of representations, and comparing them with If-Match and If-None-Match. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../values/canonical-json.ts';

const HASH_CHARS = 27;

/** The strong, quoted ETag of what a representation says. */
export const etagOf = (representation: unknown): string =>
  `"${createHash('sha256').update(canonicalJson(representation)).digest('base64url').slice(0, HASH_CHARS)}"`;

/** Whether `header` (`*` or a list of ETags, quoted or not) names `etag`; weak marks are ignored, as If-None-Match wants it. */
export const namesEtag = (header: string, etag: string): boolean => {
  const bare = (text: string): string =>
    text
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
  return header.trim() === '*' || header.split(',').some((item) => bare(item) === bare(etag));
};
