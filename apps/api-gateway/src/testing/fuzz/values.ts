import type { JsonSchema } from '@caravel/api-contract/openapi';
import fc from 'fast-check';

type Shapes = Readonly<Record<string, JsonSchema>>;
type Value = fc.Arbitrary<unknown>;

/** Values that a schema allows, its limits among them; `hints` are values that reach further than chance, by field. */
export function validValues(schema: JsonSchema, shapes: Shapes, hints: Readonly<Record<string, Value>> = {}): Value {
  const within = (part: JsonSchema): Value => validValues(part, shapes, hints);
  if (schema.$ref !== undefined) return within(shapes[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(within));
  switch ([schema.type].flat()[0]) {
    case 'object':
      return validObjects(schema, (name, part) => {
        const hint = hints[name];
        return hint ? fc.oneof({ weight: 4, arbitrary: hint }, within(part)) : within(part);
      });
    case 'array':
      return fc.array(within(schema.items ?? {}), { maxLength: 5 });
    case 'string':
      return validTexts(schema);
    case 'integer':
      return validIntegers(schema);
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function validObjects(
  { properties = {}, required = [] }: JsonSchema,
  of: (name: string, part: JsonSchema) => Value,
): Value {
  const fields = Object.entries(properties).map(([name, part]) => [name, of(name, part)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function validTexts({ pattern, format, minLength = 0, maxLength = 64 }: JsonSchema): Value {
  if (format === 'uuid') return fc.uuid();
  if (pattern !== undefined && !pattern.includes('^\\0')) return fc.stringMatching(new RegExp(pattern));
  const some = fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)), unit: 'grapheme' });
  return fc.oneof(
    { weight: 12, arbitrary: some },
    fc.constant('a'.repeat(maxLength)),
    fc.constant('a'.repeat(minLength)),
  );
}

function validIntegers({ minimum = -(2 ** 31), maximum = 2 ** 31 }: JsonSchema): Value {
  return fc.oneof(fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31) }), fc.constantFrom(minimum, maximum));
}

/** What is rarely meant: wrong types, limits passed by one, text that databases, URLs or logs have stumbled over. */
export function oddValues({ minimum = 0, maximum = 1000, maxLength = 64 }: JsonSchema): Value {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<unknown>(...ODD) },
    fc.constantFrom<unknown>(minimum - 1, maximum + 1, 'a'.repeat(maxLength + 1), String(minimum)),
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
}

const ODD: unknown[] = [
  ...[null, true, false, 0, -0, -1, 1, 1.5, 1e308, 2 ** 53, -(2 ** 63)],
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udc00x',
    '💥',
    '\u202e',
    '\r\nSet-Cookie: a=b',
    "' OR 1=1 --",
    '${7*7}',
    '%00',
    '../..',
  ],
  ...[
    'http://169.254.169.254/',
    'javascript:alert(1)',
    'nostr+walletconnect://',
    'data:text/html,<script>',
    '__proto__',
  ],
  ...[[], {}, [[]], ['a'], { length: 1e9 }, { toString: 1 }, { $ne: null }, 'x'.repeat(5000)],
];
