import { isObject } from './json.js';
import type { JsonObject, JsonValue } from './json.js';

/**
 * The smallest RFC 7396 patch that makes `to` of `from`; `{}` when they are equal. A null in `from` stands for "unknown":
 * it differs from everything. Null in the patch deletes, so `to` must hold none.
 */
export function mergePatch(from: JsonObject, to: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const key of Object.keys(from)) {
    if (!(key in to)) patch[key] = null;
  }
  for (const [key, value] of Object.entries(to)) {
    const before = from[key];
    if (isObject(value) && isObject(before)) {
      const inner = mergePatch(before, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!same(before, value)) patch[key] = value;
  }
  return patch;
}

/**
 * `known`, with every field that `patch` touches unknown (null): what is certain while the patch is on its way. Fields of
 * an object that the patch replaces stay named, because they may still be there and have to be deleted later. Holds for
 * configurations without empty objects: such a one has no field that could be unknown.
 */
export function forgetPatched(known: JsonObject, patch: JsonObject): JsonObject {
  const certain: JsonObject = { ...known };
  for (const [key, value] of Object.entries(patch)) {
    const before = known[key];
    if (isObject(value)) certain[key] = forgetPatched(isObject(before) ? before : {}, value);
    else certain[key] = isObject(before) ? forgetPatched(before, before) : null;
  }
  return certain;
}

/** The same fields as `patch` has, with the values they have in `source`. */
export function takeFields(source: JsonObject, patch: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(patch).map(([key, value]) => {
      const real = source[key];
      return [key, isObject(value) && isObject(real) ? takeFields(real, value) : (real ?? null)];
    }),
  );
}

const same = (a: JsonValue | undefined, b: JsonValue): boolean =>
  a !== undefined && JSON.stringify(a) === JSON.stringify(b);
