import type { FormNode, FormValue } from './parse-form.js';
import { type JsonSchema, resolveSchema } from './request-schemas.js';
import { invalidRequest, type StripeError, isStripeError } from './stripe-error.js';

/**
 * Reads a form by its schema: numbers and booleans out of text, unknown and missing parameters refused as Stripe refuses
 * them (https://docs.stripe.com/error-codes).
 */
export function readParams(schema: JsonSchema, form: FormValue): Record<string, unknown> {
  return readObject(resolveSchema(schema), form, []);
}

function read(given: JsonSchema, value: FormNode, path: Path): unknown {
  const schema = resolveSchema(given);
  if (schema.anyOf) return readAny(schema.anyOf, value, path);
  if (schema.enum) return readEnum(schema.enum, value, path);
  switch (schema.type) {
    case 'object':
      return readObject(schema, value, path);
    case 'array':
      return readArray(schema.items ?? {}, value, path);
    default:
      return readText(schema, value, path);
  }
}

/** The first alternative that fits; otherwise the complaint of the one that got furthest. */
function readAny(alternatives: readonly JsonSchema[], value: FormNode, path: Path): unknown {
  const complaints: StripeError[] = [];
  for (const alternative of alternatives) {
    try {
      return read(alternative, value, path);
    } catch (error) {
      if (!isStripeError(error)) throw error;
      complaints.push(error);
    }
  }
  const depth = ({ body }: StripeError) => body.param?.length ?? 0;
  throw complaints.reduce((best, each) => (depth(each) >= depth(best) ? each : best));
}

function readEnum(values: readonly (string | number)[], value: FormNode, path: Path): string | number {
  const found = values.find((each) => String(each) === value);
  if (found !== undefined) return found;
  throw invalidRequest(400, `Invalid ${nameOf(path)}: must be one of ${values.join(', ')}`, { param: nameOf(path) });
}

function readText({ type = 'string', minLength = 0 }: JsonSchema, value: FormNode, path: Path): unknown {
  const param = nameOf(path);
  if (typeof value !== 'string') throw invalidRequest(400, `Invalid ${type}`, { param });
  if (value === '' && (type !== 'string' || minLength > 0)) {
    const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset.`;
    throw invalidRequest(400, message, { code: 'parameter_invalid_empty', param });
  }
  if (type === 'boolean') {
    if (value === 'true' || value === 'false') return value === 'true';
    throw invalidRequest(400, `Invalid boolean: ${value}`, { param });
  }
  if (type !== 'number') return value;
  if (/^-?\d{1,15}(\.\d{1,12})?$/.test(value)) return Number(value);
  throw invalidRequest(400, `Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param });
}

function readArray(items: JsonSchema, value: FormNode, path: Path): unknown[] {
  if (value === '') return [];
  if (!Array.isArray(value)) throw invalidRequest(400, 'Invalid array', { param: nameOf(path) });
  return value.map((each, at) => read(items, each, [...path, at]));
}

function readObject(schema: JsonSchema, value: FormNode, path: Path): Record<string, unknown> {
  if (typeof value === 'string') throw invalidRequest(400, 'Invalid object', { param: nameOf(path) });
  const { properties = {}, required = [], additionalProperties } = schema;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => {
    const at = [...path, key];
    const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (typeof known === 'object') return [key, read(known, each, at)];
    const param = nameOf(at);
    throw invalidRequest(400, `Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
  });
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing === undefined) return Object.fromEntries(entries);
  const param = nameOf([...path, missing]);
  throw invalidRequest(400, `Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

/** `a`, `b` → `a[b]`, as Stripe names parameters. */
const nameOf = ([head = '', ...rest]: Path): string => `${head}${rest.map((part) => `[${part}]`).join('')}`;

type Path = readonly (string | number)[];
