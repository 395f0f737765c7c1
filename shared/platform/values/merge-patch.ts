/** Pure: JSON merge patches (RFC 7396): what is set, what is removed by null, and everything else as it was. */

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `target` with what `patch` names set and its nulls removed. */
export const patched = (target: Json, patch: Json): Json => {
  const result = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const before = result[name];
    if (value === null) Reflect.deleteProperty(result, name);
    else result[name] = isObject(value) ? patched(isObject(before) ? before : {}, value) : value;
  }
  return result;
};

/** The patch that makes `to` of `from`; neither holds null. */
export const patchBetween = (from: Json, to: Json): Json => {
  const patch: Json = {};
  for (const name of Object.keys(from)) if (!(name in to)) patch[name] = null;
  for (const [name, value] of Object.entries(to)) {
    const before = from[name];
    if (isObject(value) && isObject(before)) {
      const inner = patchBetween(before, value);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (value !== before && (!Array.isArray(value) || JSON.stringify(value) !== JSON.stringify(before))) patch[name] = value;
  }
  return patch;
};
