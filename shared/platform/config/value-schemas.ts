/** How the text of one setting becomes a checked value: the building blocks of the settings schema. */
import { z } from 'zod';
import { scheduleProblem } from './ncrontab.ts';

const KEY_BYTES = 32;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The only authority whose tokens a deployment in Azure takes. */
const ENTRA_ISSUER = /^https:\/\/login\.microsoftonline\.com\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\/v2\.0$/;
const ISSUER = /^https:\/\/[^/?#\s@]+\/[^/?#\s]+\/v2\.0$/;

const withoutTrailingSlash = (text: string): string => text.replace(/\/+$/, '');

const isPlainUrl = (text: string, protocols: readonly string[]): boolean => {
  const url = URL.parse(text);
  if (url === null || !protocols.includes(url.protocol)) return false;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
};

export const text = z.string();
export const guid = text.regex(GUID, 'must be a GUID').transform((value) => value.toLowerCase());

/** An https URL without credentials, query or fragment; a trailing slash is dropped. */
export const httpsUrl = text
  .refine((value) => isPlainUrl(value, ['https:']), 'must be an https URL without credentials, query or fragment')
  .transform(withoutTrailingSlash);
export const httpUrl = text
  .refine((value) => isPlainUrl(value, ['http:', 'https:']), 'must be an http or https URL without credentials, query or fragment')
  .transform(withoutTrailingSlash);

/** A whole number between `min` and `max`. */
export const whole = (min: number, max: number) =>
  text
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`);

export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

const commaList = (value: string): string[] => value.split(',').map((item) => item.trim());

/** A list of token issuers, all of one shape. */
export const localIssuers = text
  .transform(commaList)
  .refine((all) => all.every((issuer) => ISSUER.test(issuer)), 'must be a comma-separated list of https://<authority>/<tenant>/v2.0');
export const entraIssuers = text
  .transform(commaList)
  .refine(
    (all) => all.every((issuer) => ENTRA_ISSUER.test(issuer)),
    'must be a comma-separated list of https://login.microsoftonline.com/<tenant GUID in lower case>/v2.0',
  );

export const scope = text.regex(/^\S+\/\.default$/, 'must be one resource followed by /.default');

export const schedule = text.superRefine((value, context) => {
  const problem = scheduleProblem(value);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** Seconds between tries, the first at least `firstMin`. */
export const delays = (firstMin: number) =>
  text
    .refine((value) => commaList(value).every((item) => /^\d{1,6}(\.\d{1,3})?$/.test(item)), 'must be a comma-separated list of seconds')
    .transform((value) => commaList(value).map(Number))
    .refine(([first = 0]) => first >= firstMin, `must begin with at least ${firstMin} seconds`);

/** 32 bytes in base64. */
export const secretKey = text.refine(
  (value) => /^[A-Za-z0-9+/]{43}=$/.test(value) && Buffer.from(value, 'base64').length === KEY_BYTES,
  'must be 32 bytes in base64',
);

/** `mark` is what a connection string of this kind holds; the message never repeats the value, which is a secret. */
export const connectionString = (mark: RegExp, expected: string) => text.regex(mark, `must be a connection string with ${expected}`);

const RFI_STATUS_MAP = z.strictObject({ accept: z.string().min(1), decline: z.string().min(1), terminate: z.string().min(1) });
export type RfiStatusMap = z.output<typeof RFI_STATUS_MAP>;

/** Upstream's words for answers to requests for information, as a JSON object. */
export const rfiStatusMap = text.transform((value, context): RfiStatusMap => {
  try {
    const map = RFI_STATUS_MAP.safeParse(JSON.parse(value));
    if (map.success) return map.data;
  } catch {
    // Said below.
  }
  context.addIssue({ code: 'custom', message: 'must be a JSON object of three texts: accept, decline, terminate' });
  return z.NEVER;
});

/** Any JSON array, kept as parsed: the feature that reads it owns its shape. */
export const jsonArray = text.transform((value, context): unknown[] => {
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed)) return parsed as unknown[];
  } catch {
    // Said below; the text may hold secrets, so the parser's message is not repeated.
  }
  context.addIssue({ code: 'custom', message: 'must be a JSON array' });
  return z.NEVER;
});
