import { z } from 'zod';
import { fieldNotes } from './field-notes.js';
import { namedShapes } from './named-shapes.js';
import type { JsonSchema } from './types.js';

const COMPONENTS = '#/components/schemas/';

/**
 * JSON Schemas of zod schemas, by the caller's names for them; what has a name of its own becomes a reference. `input` is
 * what may be sent, `output` what is answered.
 */
export function jsonSchemas(roots: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): SchemaSet {
  const registry = z.registry<{ id: string }>();
  for (const [id, { schema }] of Object.entries(namedShapes)) registry.add(schema, { id });
  // A schema is known by one name; where a root is a named shape itself, it is a reference to it.
  for (const [id, schema] of Object.entries(roots)) if (!registry.has(schema)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => COMPONENTS + id, unrepresentable: 'any', override });
  const found = schemas as Record<string, JsonSchema>;
  const named = Object.entries(namedShapes).map(([name, { about }]) => {
    return [name, { description: about, ...noted(found[name] ?? {}) }] as const;
  });
  return {
    named: Object.fromEntries(named),
    of: (name) => {
      const id = roots[name] && registry.get(roots[name])?.id;
      if (id !== undefined && id in namedShapes) return { $ref: COMPONENTS + id };
      return noted(found[id ?? name] ?? {});
    },
  };
}

export interface SchemaSet {
  /** All named shapes; not every one is used in every direction. */
  named: Record<string, JsonSchema>;
  of: (root: string) => JsonSchema;
}

/** The names that a schema refers to, also through others. */
export function referredTo(schema: unknown, named: Readonly<Record<string, JsonSchema>>, seen = new Set<string>()) {
  for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (seen.has(name)) continue;
    seen.add(name);
    referredTo(named[name] ?? {}, named, seen);
  }
  return seen;
}

/** What says nothing to a reader goes. New fields may come with any version, so no answer is closed against them. */
function override({ jsonSchema }: { jsonSchema: object }): void {
  const schema = jsonSchema as JsonSchema;
  if (schema.additionalProperties === false) delete schema.additionalProperties;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.format === 'uuid') delete schema.pattern;
}

function noted(schema: JsonSchema & { $schema?: string; $id?: string }): JsonSchema {
  const told = { ...schema };
  delete told.$schema;
  delete told.$id;
  if (!told.properties) return told;
  const properties = Object.entries(told.properties).map(([name, field]) => {
    const about = fieldNotes[name];
    return [name, about === undefined ? field : { description: about, ...field }] as const;
  });
  return { ...told, properties: Object.fromEntries(properties) };
}
