import { z } from 'zod';
import { api } from '../api.js';
import type { Endpoint } from '../endpoint.js';
import { openApiDocument } from './openapi-document.js';
import { requestExamples } from './request-examples.js';
import type { OpenApiOperation, OpenApiResponse } from './types.js';

const endpoints: Record<string, Endpoint> = api;
const recorded = { done: [{ done: true }] };
const document = openApiDocument({ endpoints, version: '1.2.3', serverUrl: '/', recorded });
const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({ path, verb, operation, name: operation.operationId })),
);

/** Where `#/a/b` leads, or undefined. */
function target(reference: string): unknown {
  let place: unknown = document;
  for (const step of reference.slice(2).split('/')) {
    place = typeof place === 'object' && place !== null ? (place as Record<string, unknown>)[step] : undefined;
  }
  return place;
}
const answerOf = (operation: OpenApiOperation, status: string): OpenApiResponse => {
  const answer = operation.responses[status] ?? { description: '' };
  return '$ref' in answer ? (target(answer.$ref) as OpenApiResponse) : answer;
};

it('tells of every endpoint, once', () => {
  const told = operations.map(({ path, verb, name }) => [name, `${verb.toUpperCase()} ${path}`]).sort();
  const there = Object.entries(endpoints).map(([name, { method, path }]) => {
    return [name, `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`];
  });
  expect(told).toEqual(there.sort());
});

it('every reference leads somewhere, and every component is referred to', () => {
  const references = new Set([...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = '']) => to));
  for (const reference of references) expect([reference, typeof target(reference)]).toEqual([reference, 'object']);
  const { schemas, headers, responses } = document.components;
  for (const [kind, all] of Object.entries({ schemas, headers, responses })) {
    for (const name of Object.keys(all)) expect(references).toContain(`#/components/${kind}/${name}`);
  }
});

it('every schema is JSON Schema that can be read', () => {
  const $defs = JSON.parse(
    JSON.stringify(document.components.schemas).replaceAll('#/components/schemas/', '#/$defs/'),
  ) as Record<string, z.core.JSONSchema.JSONSchema>;
  for (const name of Object.keys($defs)) {
    expect(z.fromJSONSchema({ $defs, $ref: `#/$defs/${name}` })).toBeInstanceOf(z.ZodType);
  }
});

it.each(operations)('$name: parameters are those of its path, and once each', ({ path, operation }) => {
  const named = operation.parameters.filter((one) => one.in === 'path').map(({ name, required }) => [name, required]);
  expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, true]));
  expect(new Set(operation.parameters.map((one) => `${one.in} ${one.name}`)).size).toBe(operation.parameters.length);
  for (const { description, schema } of operation.parameters) {
    expect(description).not.toBe('');
    expect(schema).not.toEqual({});
  }
});

it.each(operations)('$name: answers say what they mean and how they look', ({ operation }) => {
  for (const status of Object.keys(operation.responses)) {
    const { description, content = {} } = answerOf(operation, status);
    expect([status, description === '', Object.keys(content).length]).toEqual([status, false, 1]);
  }
  expect(Object.keys(operation.responses).filter((status) => status.startsWith('2'))).toHaveLength(1);
});

it.each(operations)('$name: has a known tag, and a signature unless it is public', ({ operation }) => {
  const known = document.tags.map(({ name }) => name);
  expect(known).toEqual(expect.arrayContaining(operation.tags));
  expect(operation.tags).not.toContain('More');
  expect(operation.security).toEqual(operation['x-policy'] === 'public' ? [] : [{ nip98: [] }]);
  expect('401' in operation.responses).toBe(operation['x-policy'] !== 'public');
});

it.each(Object.entries(requestExamples))('%s: the example of its body is one that it takes', (name, example) => {
  expect(endpoints[name]?.body?.safeParse(example)).toMatchObject({ success: true });
  const { operation } = operations.find((one) => one.name === name) ?? {};
  expect(JSON.stringify(operation?.requestBody)).toContain(JSON.stringify(example));
});

it('an answer shows the recorded examples of its shape', () => {
  const { operation } = operations.find(({ name }) => name === 'adjustTenant') ?? {};
  const shown = operation && answerOf(operation, '200').content?.['application/json']?.examples;
  expect(shown).toEqual({ 'example-1': { value: { data: { done: true }, code: 'ok' } } });
});
