import type { JsonSchema, OpenApiDocument, OpenApiOperation } from '@caravel/api-contract/openapi';
import fc from 'fast-check';
import { oddValues, validValues } from './values.js';

/** A request before it is known whose things it names. */
export interface FuzzRequest {
  /** An operation of the document, or `none`. */
  operation: string;
  method: string;
  /** With `{name}` for what `named` says. */
  path: string;
  named: Record<string, string>;
  query: string;
  headers: Record<string, string>;
  as: Asker;
  body: string | null;
  /** Sent as it is right in everything, instead of all this. */
  isPlain: boolean;
}

export const ASKERS = ['owner', 'stranger', 'admin', 'anonymous', 'forger'] as const;
export type Asker = (typeof ASKERS)[number];

/** What a path may name, beside what it is given: the asker's own, somebody else's, nobody's. */
export const NAMED = ['mine', 'theirs', 'nobodys'] as const;

/** Valid, invalid and boundary requests to every operation of the document, and a few to none of them. */
export function requestsOf(document: OpenApiDocument, hints: Readonly<Record<string, fc.Arbitrary<unknown>>>) {
  const { schemas } = document.components;
  const all = Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => requestsTo({ path, verb, operation, schemas, hints })),
  );
  return fc.oneof({ weight: 30, arbitrary: fc.oneof(...all) }, requestsToNowhere);
}

function requestsTo({ path, verb, operation, schemas, hints }: OperationPlace): fc.Arbitrary<FuzzRequest> {
  const names = operation.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const isForAdmins = operation['x-policy'] === 'admin';
  return fc.record({
    operation: fc.constant(operation.operationId),
    method: fc.constant(verb.toUpperCase()),
    path: fc.constant(path),
    named: fc.record(Object.fromEntries(names.map((name) => [name, pathValues]))),
    query: queries(operation, schemas),
    headers: headerSets,
    as: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Asker>(isForAdmins ? 'admin' : 'owner') },
      fc.constantFrom(...ASKERS),
    ),
    body: verb === 'get' ? fc.constant(null) : bodies(operation, { schemas, hints }),
    isPlain: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, fc.constant(true)),
  });
}

const pathValues = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<string>('mine', 'mine', 'mine', ...NAMED) },
  fc.constantFrom(
    '%00',
    '%',
    '%E0%A4%A',
    '..',
    '%2e%2e%2f',
    'draft',
    'a'.repeat(2000),
    '%F0%9F%92%A5',
    'null',
    '-1',
    '%0d%0a',
  ),
  fc.uuid(),
  fc.webSegment().filter((segment) => segment !== ''),
);

function queries({ parameters }: OpenApiOperation, schemas: OpenApiDocument['components']['schemas']) {
  const inQuery = parameters.filter((one) => one.in === 'query');
  const value = (schema: JsonSchema) =>
    fc.oneof({ weight: 3, arbitrary: validValues(schema, schemas) }, oddValues(schema)).map(encoded);
  const fields = inQuery.map(
    ({ name, schema }) => [name, fc.array(value(schema), { minLength: 1, maxLength: 2, size: '-1' })] as const,
  );
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  const pairs = known.map((chosen) =>
    Object.entries(chosen).flatMap(([name, values = []]) => values.map((each) => `${name}=${each}`)),
  );
  return fc.oneof(
    { weight: 6, arbitrary: pairs.map((each) => each.join('&')) },
    { weight: 3, arbitrary: fc.constant('') },
    fc.webQueryParameters(),
    fc.constantFrom(
      'limit[]=1',
      'limit[a]=1',
      'cursor=%',
      '&&&',
      '=',
      'limit=1&limit=2',
      `cursor=${'x'.repeat(4000)}`,
      '__proto__=1',
    ),
  );
}

const encoded = (value: unknown): string =>
  encodeURIComponent(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString());

function bodies({ requestBody }: OpenApiOperation, { schemas, hints }: Pick<OperationPlace, 'schemas' | 'hints'>) {
  const schema = Object.values(requestBody?.content ?? {})[0]?.schema ?? {};
  const shape = schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  const fields = Object.entries(shape.properties ?? {});
  const valid = validValues(schema, schemas, hints);
  const oddField =
    fields.length > 0
      ? fc.constantFrom(...fields).chain(([name, part]) => oddValues(part).map((value) => ({ [name]: value })))
      : fc.constant({});
  const withOneOdd = fc.tuple(valid, oddField).map(([body, odd]) => Object.assign({}, body, odd));
  return fc.oneof(
    { weight: 10, arbitrary: valid.map((body) => JSON.stringify(body)) },
    { weight: 8, arbitrary: withOneOdd.map((body) => JSON.stringify(body)) },
    fc.json({ maxDepth: 4 }),
    fc.constantFrom(...ODD_BODIES),
    fc.constant(null),
  );
}

const ODD_BODIES = [
  ...['', '{', '[]', 'null', '"text"', '5', '{"a":1}}', '\ufeff{}', '{"__proto__":{"a":1}}', '{"a":1e999}', 'a=1&b=2'],
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"a":"${'x'.repeat(262_144)}"}`,
  `{${Array.from({ length: 3000 }, (_, index) => `"k${index}":${index}`).join(',')}}`,
];

const headerText = (maxLength: number) => fc.string({ maxLength }).map(headerSafe);
const headerValues: Record<string, fc.Arbitrary<string>> = {
  'Idempotency-Key': fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.uuid(), headerText(140)),
  'X-Request-Id': headerText(200),
  'Content-Type': fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded', ';;'),
  'Content-Encoding': fc.constantFrom('gzip', 'br', 'identity', 'nonsense'),
  Accept: fc.constantFrom('text/html', '*/*', 'text/event-stream', ''),
  Origin: fc.constantFrom('https://app.example', 'null', 'https://evil.example'),
  'Last-Event-ID': fc.oneof(fc.nat().map(String), headerText(30)),
  'X-Forwarded-For': fc.constantFrom('1.2.3.4', '::1', 'nonsense, 1.2.3.4', "'"),
  'Stripe-Signature': fc.constantFrom('t=1,v1=00', 't=,v1=', ',,,', 't=99999999999999999999,v1=zz'),
  Cookie: fc.constantFrom('a=b', ';;;'),
  Range: fc.constantFrom('bytes=0-1', 'nonsense'),
};
const oneHeader = fc.oneof(...Object.entries(headerValues).map(([name, value]) => fc.tuple(fc.constant(name), value)));
const headerSets: fc.Arbitrary<Record<string, string>> = fc
  .uniqueArray(oneHeader, { maxLength: 3, selector: ([name]) => name })
  .map((some) => Object.fromEntries(some));

function headerSafe(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '').trim();
}

const requestsToNowhere: fc.Arbitrary<FuzzRequest> = fc.record({
  operation: fc.constant('none'),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
  path: fc.oneof(
    fc.webPath().map((path) => `/nowhere${path}`),
    fc.constantFrom('//', '/%', '/nowhere/%00', '/relays/%2f/x/y', '/Plans'),
  ),
  named: fc.constant({}),
  query: fc.constantFrom('', 'a=b'),
  headers: headerSets,
  as: fc.constantFrom(...ASKERS),
  body: fc.constant(null),
  isPlain: fc.constant(false),
});

interface OperationPlace {
  path: string;
  verb: string;
  operation: OpenApiOperation;
  schemas: OpenApiDocument['components']['schemas'];
  hints: Readonly<Record<string, fc.Arbitrary<unknown>>>;
}
