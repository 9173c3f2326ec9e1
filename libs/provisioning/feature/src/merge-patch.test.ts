import fc from 'fast-check';
import { isObject } from './json.js';
import type { JsonObject, JsonValue } from './json.js';
import { forgetPatched, mergePatch, takeFields } from './merge-patch.js';

/** RFC 7396 section 2, as it is written there. */
function apply(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = apply(result[key], value);
  }
  return result;
}

const leaf = fc.oneof(fc.constantFrom<JsonValue>('', 'x', 'y', true, false), fc.constant<JsonValue>([1]));
const objectOf = (value: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> =>
  fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { minKeys: 1 });
const config = objectOf(fc.oneof(leaf, objectOf(fc.oneof(leaf, objectOf(leaf)))));

it('makes one configuration of another by the rules of RFC 7396', () => {
  fc.assert(
    fc.property(config, config, (from, to) => {
      expect(apply(from, mergePatch(from, to))).toEqual(to);
    }),
  );
});

it('is empty for equal configurations, and holds nothing that is equal', () => {
  expect(mergePatch({ a: 'x', b: { c: true } }, { a: 'x', b: { c: true } })).toEqual({});
  expect(mergePatch({ a: 'x', b: { c: true, d: 1 } }, { a: 'x', b: { c: false, d: 1 } })).toEqual({ b: { c: false } });
});

it('deletes what is no longer wanted', () => {
  expect(mergePatch({ a: { old: 'x', kept: 1 } }, { a: { kept: 1 } })).toEqual({ a: { old: null } });
});

it('after a patch whose fate is unknown, the next one is right whether the first arrived or not', () => {
  fc.assert(
    fc.property(config, config, config, (first, second, third) => {
      const lost = mergePatch(first, second);
      const next = mergePatch(forgetPatched(first, lost), third);
      expect(apply(first, next)).toEqual(third);
      expect(apply(second, next)).toEqual(third);
    }),
  );
});

it('says everything again when nothing is certain', () => {
  const all = { host: 'h', info: { name: '', icon: 'i' } };
  expect(mergePatch(forgetPatched(all, all), all)).toEqual(all);
});

it('fills the fields of a patch from the real configuration, and leaves deletions as they are', () => {
  const real = { a: { secret: 'real', other: 1 }, b: 'b' };
  expect(takeFields(real, { a: { secret: 'fingerprint' }, gone: null })).toEqual({ a: { secret: 'real' }, gone: null });
});
