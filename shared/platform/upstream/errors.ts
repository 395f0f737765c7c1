/** Pure: reads an error out of whatever upstream or something in front of it answered. */

export type UpstreamErrorBody = { code: string; message: string; target?: string; details?: UpstreamErrorBody[] };

/** Deeper details are dropped: nobody published any. */
const MAX_DEPTH = 5;

type Fields = Record<string, unknown>;

const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
/** Non-empty text, or a number as text. */
const asText = (value: unknown): string | undefined => {
  if (typeof value === 'number') return value.toString();
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
};
const firstText = (...values: unknown[]): string | undefined => values.map(asText).find((text) => text !== undefined);

const fallbackCode = (status: number | undefined): string => (status === undefined ? 'Unknown' : `Http${status}`);

const parse = (body: unknown, status: number | undefined, depth: number): UpstreamErrorBody => {
  const outer = asFields(body);
  const inner = asFields(outer['error']);
  const fields = Object.keys(inner).length > 0 ? inner : outer;
  const code = firstText(fields['code'], fields['title'], outer['error']) ?? fallbackCode(status);
  const target = asText(fields['target']);
  const nested: unknown[] = Array.isArray(fields['details']) && depth < MAX_DEPTH ? fields['details'] : [];
  const details = nested.map((detail) => parse(detail, undefined, depth + 1));
  return {
    code,
    message: firstText(fields['message'], fields['detail'], outer['error_description'], body) ?? code,
    ...(target === undefined ? {} : { target }),
    ...(details.length === 0 ? {} : { details }),
  };
};

/**
 * Accepts `{error: {code, message}}`, the bare `{code, message, details}`, RFC 7807 `{title, detail}`, OAuth's `{error, error_description}`,
 * text, or nothing (HTML arrives as undefined: it was not JSON). Texts are kept word for word. Never throws.
 */
export const parseUpstreamError = (body: unknown, status?: number): UpstreamErrorBody => parse(body, status, 0);
