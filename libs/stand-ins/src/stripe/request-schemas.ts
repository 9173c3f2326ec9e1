import file from './schema/requests.json' with { type: 'json' };

const { requests, definitions }: SchemaFile = file;

/** What a request may say, from the SDK's own types (`npm run generate:stripe-schemas`); undefined for one nobody listed. */
export function requestSchema(route: string): JsonSchema | undefined {
  return requests[route];
}

/** A schema, or what it refers to. */
export function resolveSchema(schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/definitions/', '');
  if (name === undefined) return schema;
  const found = definitions[name];
  if (!found) throw new Error(`the schema has no ${name}`);
  return found;
}

/** The part of JSON Schema that the generator writes. */
export interface JsonSchema {
  $ref?: string;
  type?: string;
  minLength?: number;
  enum?: (string | number)[];
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
}

interface SchemaFile {
  /** The version of the SDK it was made from. */
  sdk: string;
  requests: Record<string, JsonSchema>;
  definitions: Record<string, JsonSchema>;
}
