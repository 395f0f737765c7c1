/** Keys as Table Storage accepts them: it forbids `/ \ # ?` and control characters, and `%` is known to break in URLs. */

const ESCAPE = '!';
/** Everything but printable ASCII without the forbidden ones and the escape character itself. */
const ESCAPED = /[^\x20-\x7e]|[/\\#?%!]/g;
const HEX_DIGITS = 4;

/**
 * Each forbidden UTF-16 unit becomes `!` and four hex digits. What needs no escape keeps its place in the order,
 * and a range over all keys with a common prefix stays exactly that range.
 */
export const toTableKey = (key: string): string =>
  key.replace(ESCAPED, (char) => ESCAPE + char.charCodeAt(0).toString(16).padStart(HEX_DIGITS, '0'));

export const fromTableKey = (tableKey: string): string =>
  tableKey.replace(/!([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
