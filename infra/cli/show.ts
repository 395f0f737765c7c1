/** Pure: answers of the API for eyes: lists as tables, single things as their fields. */

type Fields = Readonly<Record<string, unknown>>;

/** `counts.failed` of `{ counts: { failed: 3 } }`. */
const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Fields | undefined)?.[name], value);

const cell = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.length === 0) return '(none)';
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'object') ? value.join(' ') : String(value.length);
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** One line for each row under the names of the columns. */
export const tableOf = (rows: readonly unknown[], columns: readonly string[]): string[] => {
  const lines = [columns.map((name) => name.split('.').at(-1) ?? name), ...rows.map((row) => columns.map((path) => cell(at(row, path))))];
  const widths = columns.map((_, n) => Math.max(...lines.map((line) => line[n]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((text, n) => text.padEnd(widths[n] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

/** `name: value`, with what is inside indented. */
export const fieldsOf = (value: unknown, indent = ''): string[] =>
  Object.entries(value as Fields).flatMap(([name, inner]) => {
    if (inner === undefined) return [];
    if (Array.isArray(inner) && inner.some((one) => typeof one === 'object'))
      return [`${indent}${name}:`, ...inner.flatMap((one) => [`${indent}  -`, ...fieldsOf(one, `${indent}    `)])];
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner))
      return [`${indent}${name}:`, ...fieldsOf(inner, `${indent}  `)];
    return [`${indent}${name}: ${cell(inner)}`];
  });

/** What stands on the screen for a body: a list by its columns, anything else by its fields. */
export const shown = (body: unknown, columns?: readonly string[]): string[] => {
  const list = Array.isArray(body) ? (body as unknown[]) : undefined;
  if (list === undefined) return typeof body === 'object' && body !== null ? fieldsOf(body) : [cell(body)];
  if (list.length === 0) return ['(none)'];
  return tableOf(list, columns ?? Object.keys(list[0] as Fields));
};
