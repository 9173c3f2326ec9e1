import { INPUTS, isPayErrorCode, OUTPUTS, PAY_ERRORS } from '@caravel/pay-protocol';
import { z } from 'zod';

/**
 * The OpenAPI 3.1 page of the REST door, made from the very schemas that read an Input and an Output. Amounts are integers or,
 * beyond 2^53 − 1, their digits in a string.
 */
export function openApi(): Record<string, unknown> {
  made ??= make();
  return made;
}

let made: Record<string, unknown> | undefined;

function make(): Record<string, unknown> {
  const shared: Record<string, unknown> = {};
  const inputs = Object.values(INPUTS).map(({ code, schema, summary, localOnly }) => {
    const name = `Input_${code}`;
    const description = localOnly ? `${summary}. ${LOCAL}` : summary;
    return { name, schema: { ...jsonSchema(schema, { name, shared }), title: code, description } };
  });
  const outputs = Object.entries(OUTPUTS).map(([code, schema]) => {
    const name = `Output_${code}`;
    return { name, schema: { ...jsonSchema(schema, { name, shared }), title: code } };
  });
  const refs = (list: readonly { name: string }[]) =>
    list.map(({ name }) => ({ $ref: `#/components/schemas/${name}` }));
  const lists = {
    Input: { oneOf: refs(inputs), discriminator: { propertyName: 'code' } },
    Output: { oneOf: refs(outputs), discriminator: { propertyName: 'code' } },
    Outputs: { type: 'array', minItems: 1, items: { $ref: '#/components/schemas/Output' } },
  };
  const schemas = Object.fromEntries([...inputs, ...outputs].map(({ name, schema }) => [name, schema]));
  return {
    openapi: '3.1.0',
    info: { title: 'afpay node', version: '1', description: ABOUT },
    paths: { '/v1/afpay': { post: askOperation() }, ...PAGES },
    security: [{ bearer: [] }, { apiKey: [] }],
    components: {
      schemas: { ...lists, ...schemas, ...shared },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  };
}

function askOperation(): Record<string, unknown> {
  const answer = (description: string) => ({
    description,
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Outputs' } },
      'application/x-ndjson': { schema: { $ref: '#/components/schemas/Output' } },
    },
  });
  const codesOf = (status: number) =>
    Object.keys(PAY_ERRORS)
      .filter((code) => isPayErrorCode(code) && (PAY_ERRORS[code].status ?? 422) === status)
      .map((code) => `\`${code}\``)
      .join(', ');
  const errors = [202, 400, 401, 402, 403, 409, 413, 422, 429, 503];
  return {
    summary: 'Asks the node for one thing',
    operationId: 'ask',
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Input' } } },
    },
    responses: {
      200: answer('Done'),
      ...Object.fromEntries(errors.map((status) => [status, answer(codesOf(status))])),
    },
  };
}

/**
 * Reading is described, not what reading makes of it: digits in a string are as good as an integer. What refers to itself is
 * named in `shared`.
 */
function jsonSchema(schema: z.ZodType, { name, shared }: Naming): object {
  const described = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ zodSchema, jsonSchema: own }) => {
      if (zodSchema._zod.def.type === 'bigint') own.type = 'integer';
    },
  });
  const text = JSON.stringify(described).replaceAll('#/$defs/', `#/components/schemas/${name}`);
  const { $schema, $defs = {}, ...rest } = sorted(JSON.parse(text)) as Described;
  for (const [own, definition] of Object.entries($defs)) shared[`${name}${own}`] = definition;
  return $schema === undefined ? {} : rest;
}

/** The page does not change when only the order does in which a schema was written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}

const page = (summary: string, type: string) => ({
  get: { summary, security: [], responses: { 200: { description: 'OK', content: { [type]: {} } } } },
});
const PAGES = {
  '/healthz': page('The process is alive', 'application/json'),
  '/readyz': page('It can do its work; 503 when its store is away', 'application/json'),
  '/metrics': page('For Prometheus; with a key where others can reach it', 'text/plain'),
  '/openapi.json': page('This page', 'application/json'),
};
const LOCAL = 'Refused here with 403: it is done on the machine of the node only.';
const ABOUT =
  'One Input per request, a list of Outputs as the answer; the last decides the status. `Accept: application/x-ndjson` gives one ' +
  'Output per line, each as soon as it is there. A repeat of an `id` does nothing twice and is answered with what the first did.';

interface Naming {
  name: string;
  shared: Record<string, unknown>;
}

interface Described {
  $schema?: string;
  $defs?: Record<string, unknown>;
}
