/** Pure: hides in a text what no log may hold: telephone numbers, e-mail addresses, keys and tokens. */

const SECRETS: readonly RegExp[] = [
  /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi,
  /\b(AccountKey|SharedAccessKey|SharedAccessSignature|client_secret|client_assertion|assertion|password|secret|sig)=[^;&\s"']+/gi,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /\bwhsec_[\w+/=-]+/g,
  /\bacg_[\w-]{16,}/g,
];
const EMAIL = /[\w.%+-]+@[\w-]+(\.[\w-]+)+/g;
/** E.164 with its sign, also percent-encoded. */
const SIGNED_NUMBER = /(\+|%2B)([1-9]\d{5,14})(?!\d)/gi;
/**
 * A UUID, or the same number without sign, as it stands in our paths and keys, in lists, ranges, ids that partners choose and at the end of
 * a sentence. Hex and base32 ids have letters beside their digits, fractions points.
 */
const UUID_OR_BARE_NUMBER = /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b|(?<![a-z\d.])([1-9]\d{7,14})(?![a-z\d]|\.\d)/gi;

const hideDigits = (digits: string): string => `${digits.slice(0, 2)}*******${digits.slice(-2)}`;

/** `text` with everything of that kind replaced; a number keeps its first and last two digits. */
export const mask = (text: string): string => {
  const withoutSecrets = SECRETS.reduce((masked, pattern) => masked.replaceAll(pattern, '[secret]'), text);
  return withoutSecrets
    .replaceAll(EMAIL, '[email]')
    .replaceAll(SIGNED_NUMBER, (_, sign: string, digits: string) => `${sign}${hideDigits(digits)}`)
    .replaceAll(UUID_OR_BARE_NUMBER, (found: string, digits: string | undefined) => (digits === undefined ? found : hideDigits(digits)));
};
