import type { JsonSchema } from '@caravel/api-contract/openapi';

/**
 * What in `value` is not as the schema says; empty when all is. Objects are closed: a field that the document does not tell of
 * is a mistake of the document.
 */
export function mismatches(value: unknown, schema: JsonSchema, { shapes, at = '' }: MatchOptions): string[] {
  const inside = (part: unknown, of: JsonSchema, name: string) => mismatches(part, of, { shapes, at: `${at}/${name}` });
  if (schema.$ref !== undefined) {
    const target = shapes[schema.$ref.split('/').at(-1) ?? ''];
    return target ? mismatches(value, target, { shapes, at }) : [`${at}: ${schema.$ref} is missing`];
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const all = choices.map((choice) => mismatches(value, choice, { shapes, at }));
    return all.some((each) => each.length === 0) ? [] : (all[0] ?? []);
  }
  if (!isOfType(value, schema)) return [`${at}: not of type ${String(schema.type)}`];
  if (!isAllowed(value, schema)) return [`${at}: not a value it may have`];
  if (Array.isArray(value)) return value.flatMap((one, index) => inside(one, schema.items ?? {}, String(index)));
  if (typeof value !== 'object' || value === null || !schema.properties) return [];
  const { properties, required = [] } = schema;
  return [
    ...required.filter((name) => !(name in value)).map((name) => `${at}/${name}: missing`),
    ...Object.entries(value).flatMap(([name, part]) => {
      const known = properties[name];
      return known ? inside(part, known, name) : [`${at}/${name}: not told of`];
    }),
  ];
}

function isOfType(value: unknown, { type }: JsonSchema): boolean {
  const types = type === undefined ? [] : [type].flat();
  if (types.length === 0) return true;
  const own = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return types.some((each) => (each === 'integer' ? Number.isSafeInteger(value) : each === own));
}

function isAllowed(value: unknown, schema: JsonSchema): boolean {
  if ('const' in schema && value !== schema.const) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (typeof value === 'number') {
    return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  }
  if (typeof value !== 'string') return true;
  if (schema.format === 'uuid' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) return false;
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value);
}

interface MatchOptions {
  /** What references lead to. */
  shapes: Readonly<Record<string, JsonSchema>>;
  at?: string;
}
