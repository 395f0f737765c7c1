/** What a change of a JSON Schema breaks: for callers who send what it describes, or for those who read it. */

type Json = Record<string, unknown>;
export type Side = 'sent' | 'read';
/** Finds what a reference names in the document of before, and of after. */
export type Resolve = { before: (schema: Json) => Json; after: (schema: Json) => Json };

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const text = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** A limit that grows stricter: what is sent may be refused. */
const UPPER = ['maxLength', 'maxItems', 'maximum'];
const LOWER = ['minLength', 'minItems', 'minimum'];

const tighter = (before: Json, after: Json): string[] => [
  ...UPPER.filter((limit) => limit in after && Number(after[limit]) < Number(before[limit] ?? Infinity)),
  ...LOWER.filter((limit) => limit in after && Number(after[limit]) > Number(before[limit] ?? -Infinity)),
  ...['pattern', 'format'].filter((limit) => limit in after && after[limit] !== before[limit]),
];

const enumBreaks = (before: Json, after: Json, at: string, side: Side): string[] => {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (side === 'read')
    return old === undefined && now !== undefined
      ? []
      : now === undefined && old !== undefined
        ? [`${at}: is no longer one of ${text(old)}`]
        : [];
  const gone = (old ?? []).filter((value) => now !== undefined && !now.some((one) => text(one) === text(value)));
  return [
    ...gone.map((value) => `${at}: ${text(value)} is no longer taken`),
    ...(old === undefined && now !== undefined ? [`${at}: takes only ${text(now)} now`] : []),
  ];
};
const valuesOf = (schema: Json): unknown[] | undefined => {
  if ('const' in schema) return [schema['const']];
  return Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : undefined;
};

const propertyBreaks = (before: Json, after: Json, at: string, side: Side, resolve: Resolve, seen: ReadonlySet<string>): string[] => {
  const [old, now] = [asJson(before['properties']), asJson(after['properties'])];
  const [needed, needs] = [list(before['required']), list(after['required'])];
  return [
    ...Object.keys(old).flatMap((name) => {
      const place = `${at}/${name}`;
      if (!(name in now)) return [`${place}: is gone`];
      const unsure = side === 'read' && needed.includes(name) && !needs.includes(name) ? [`${place}: may be absent now`] : [];
      return [...unsure, ...breaksBetween(asJson(old[name]), asJson(now[name]), place, side, resolve, seen)];
    }),
    ...(side === 'sent' ? needs.filter((name) => !needed.includes(name)).map((name) => `${at}/${String(name)}: is required now`) : []),
  ];
};

const variantsOf = (schema: Json): Json[] => [...list(schema['oneOf']), ...list(schema['anyOf'])].map(asJson);

/** Variants belong together by the constants that tell them apart, such as `action`. */
const tagOf = (variant: Json, n: number): string => {
  const constants = Object.entries(asJson(variant['properties'])).filter(([, schema]) => 'const' in asJson(schema));
  return constants.length === 0 ? String(n) : text(constants.map(([name, schema]) => [name, asJson(schema)['const']]));
};

const variantBreaks = (before: Json, after: Json, at: string, side: Side, resolve: Resolve, seen: ReadonlySet<string>): string[] => {
  const now = new Map(variantsOf(after).map((variant, n) => [tagOf(resolve.after(variant), n), variant]));
  return variantsOf(before).flatMap((variant, n) => {
    const tag = tagOf(resolve.before(variant), n);
    const same = now.get(tag);
    if (same === undefined) return side === 'sent' ? [`${at}: ${tag} is no longer taken`] : [];
    return breaksBetween(variant, same, `${at}(${n + 1})`, side, resolve, seen);
  });
};

/** In words, each with the place of the change; `seen` ends what refers to itself. */
export const breaksBetween = (
  oldSchema: Json,
  newSchema: Json,
  at: string,
  side: Side,
  resolve: Resolve,
  seen: ReadonlySet<string> = new Set(),
): string[] => {
  const [before, after] = [resolve.before(oldSchema), resolve.after(newSchema)];
  const here = `${text(oldSchema['$ref'])} ${text(newSchema['$ref'])}`;
  if ('$ref' in oldSchema && seen.has(here)) return [];
  const deeper = '$ref' in oldSchema ? new Set([...seen, here]) : seen;
  if (text(before['type']) !== text(after['type'])) return [`${at}: was ${text(before['type'])}, is ${text(after['type'])}`];
  return [
    ...enumBreaks(before, after, at, side),
    ...(side === 'sent'
      ? tighter(before, after).map((limit) => `${at}: ${limit} is ${text(after[limit])}, was ${text(before[limit])}`)
      : []),
    ...propertyBreaks(before, after, at, side, resolve, deeper),
    ...('items' in before ? breaksBetween(asJson(before['items']), asJson(after['items']), `${at}[]`, side, resolve, deeper) : []),
    ...variantBreaks(before, after, at, side, resolve, deeper),
  ];
};
