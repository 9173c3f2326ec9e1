import type { z } from 'zod';
import type { Endpoint } from '../endpoint.js';
import { sharedAnswers } from './answers-of.js';
import { examplesAmong } from './examples.js';
import { GUIDE, NIP98, tags } from './guide.js';
import { jsonSchemas, referredTo } from './json-schemas.js';
import { operation } from './operation.js';
import type { JsonSchema, OpenApiDocument, OpenApiHeader, Verb } from './types.js';

export interface OpenApiOptions {
  endpoints: Readonly<Record<string, Endpoint>>;
  /** Of the API. */
  version: string;
  /** Where it is served. */
  serverUrl: string;
  /** Answers as they were released, by shape. */
  recorded: Readonly<Record<string, readonly unknown[]>>;
}

/** The whole API as OpenAPI 3.1, made from the endpoints themselves, so that it can't differ from what is served. */
export function openApiDocument({ endpoints, version, serverUrl, recorded }: OpenApiOptions): OpenApiDocument {
  const all = Object.entries(endpoints);
  const sent = jsonSchemas(sentRoots(all), 'input');
  const answered = jsonSchemas(
    Object.fromEntries(all.map(([name, { answer }]) => [`${name}Answer`, answer])),
    'output',
  );
  const parts = { sent, answered, examplesOf: examplesAmong(recorded) };
  const paths: OpenApiDocument['paths'] = {};
  for (const [name, endpoint] of all) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase() as Verb]: operation(name, endpoint, parts) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Caravel', version, description: GUIDE, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: serverUrl }],
    tags: tags.filter(({ name }) => JSON.stringify(paths).includes(`"tags":["${name}"]`)),
    paths,
    components: {
      schemas: { ...usedShapes(paths, { sent: sent.named, answered: answered.named }), ErrorDetails },
      headers,
      responses: usedAnswers(paths),
      securitySchemes: { nip98: { type: 'apiKey', in: 'header', name: 'Authorization', description: NIP98 } },
    },
  };
}

function sentRoots(all: readonly [string, Endpoint][]): Record<string, z.ZodType> {
  const roots: Record<string, z.ZodType> = {};
  for (const [name, { query, body }] of all) {
    // Each query by a copy of its own: several endpoints share one, and a schema has one name.
    if (query) roots[`${name}Query`] = query.clone();
    if (body) roots[`${name}Body`] = body;
  }
  return roots;
}

/** Named shapes that are referred to; what is sent is told as it may be sent, everything else as it is answered. */
function usedShapes(paths: OpenApiDocument['paths'], shapes: Record<'sent' | 'answered', Record<string, JsonSchema>>) {
  const bodies = Object.values(paths).flatMap((path) =>
    Object.values(path).map(({ requestBody }) => requestBody ?? {}),
  );
  const sent = referredTo(bodies, shapes.sent);
  const used = referredTo(paths, { ...shapes.sent, ...shapes.answered });
  for (const name of sent) used.add(name);
  const chosen = [...used].sort().map((name) => [name, (sent.has(name) ? shapes.sent : shapes.answered)[name] ?? {}]);
  return Object.fromEntries(chosen) as Record<string, JsonSchema>;
}

function usedAnswers(paths: OpenApiDocument['paths']): OpenApiDocument['components']['responses'] {
  const text = JSON.stringify(paths);
  const used = Object.entries(sharedAnswers()).filter(([name]) => text.includes(`"#/components/responses/${name}"`));
  return Object.fromEntries(used);
}

const ErrorDetails: JsonSchema = {
  type: 'array',
  description: 'Every field that is wrong.',
  items: {
    type: 'object',
    required: ['path', 'message'],
    properties: { path: { type: 'string' }, message: { type: 'string' } },
  },
};

const number = { type: 'integer', minimum: 0 };
const headers: Record<string, OpenApiHeader> = {
  'X-Request-Id': {
    description: 'Names this request in our logs: yours if you sent one, else ours.',
    schema: { type: 'string' },
  },
  Link: {
    description: 'Where the next page is: `</relays?cursor=…>; rel="next"`. Missing on the last page.',
    schema: { type: 'string' },
  },
  'Retry-After': { description: 'Seconds to wait.', schema: number },
  'RateLimit-Limit': { description: 'Requests a window may have.', schema: number },
  'RateLimit-Remaining': { description: 'Requests left in this window.', schema: number },
  'RateLimit-Reset': { description: 'Seconds until the window starts anew.', schema: number },
  'Idempotent-Replayed': {
    description: '`true`: this is what an earlier request with the same Idempotency-Key was answered.',
    schema: { type: 'string', const: 'true' },
  },
};
