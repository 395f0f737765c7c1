/** Pure: the headers that a subscription adds to its deliveries, and those that it must not touch. */
import { z } from 'zod';

const MAX_HEADERS = 10;
const MAX_VALUE_CHARS = 4096;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
/** Visible ASCII and inner blanks: no line break can end the header, and no encoding is left to chance. */
const VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

/** Ours, the connection's, or such as change how a server or proxy reads the request. */
const FORBIDDEN = new Set([
  ...['accept', 'accept-encoding', 'connection', 'content-encoding', 'content-length', 'content-type', 'cookie', 'date', 'expect'],
  ...[
    'forwarded',
    'host',
    'keep-alive',
    'metadata',
    'origin',
    'referer',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'user-agent',
    'via',
  ],
]);
/** Of this product, of proxies, of the metadata services of clouds. */
const FORBIDDEN_PREFIXES = [
  'webhook-',
  'svix-',
  'proxy-',
  'sec-',
  'x-forwarded-',
  'x-ms-',
  'x-aws-',
  'x-google-',
  'x-identity-',
  'metadata-',
];

export const isForbiddenHeader = (name: string): boolean => {
  const lower = name.toLowerCase();
  return FORBIDDEN.has(lower) || FORBIDDEN_PREFIXES.some((prefix) => lower.startsWith(prefix));
};

export const customHeaders = z
  .record(
    z
      .string()
      .regex(NAME)
      .refine((name) => !isForbiddenHeader(name), { error: 'This header may not be set.', params: { code: 'HeaderNotAllowed' } }),
    z.string().max(MAX_VALUE_CHARS).regex(VALUE),
  )
  .refine((headers) => Object.keys(headers).length <= MAX_HEADERS, { error: `At most ${MAX_HEADERS} headers.` })
  .refine((headers) => new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length, {
    error: 'A header is given twice.',
  });
export type CustomHeaders = z.infer<typeof customHeaders>;
