import type { Endpoint } from '../endpoint.js';
import { pathNotes, queryNotes } from './field-notes.js';
import type { SchemaSet } from './json-schemas.js';
import type { OpenApiParameter } from './types.js';

/** What goes into path, query and headers, besides the signature. */
export function parametersOf(name: string, endpoint: Endpoint, sent: SchemaSet): OpenApiParameter[] {
  return [...inPath(endpoint), ...inQuery(name, endpoint, sent), ...inHeaders(endpoint)];
}

function inPath({ path }: Endpoint): OpenApiParameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    // A plan is named by a word.
    const isWord = name === 'id' && path.startsWith('/plans/');
    const note = isWord ? undefined : pathNotes[name];
    const { about, schema } = note ?? { about: 'Its name.', schema: { type: 'string' } };
    return { name, in: 'path', required: true, description: about, schema };
  });
}

function inQuery(name: string, { query }: Endpoint, sent: SchemaSet): OpenApiParameter[] {
  if (!query) return [];
  const { properties = {}, required = [] } = sent.of(`${name}Query`);
  return Object.entries(properties).map(([field, schema]) => ({
    name: field,
    in: 'query',
    required: required.includes(field),
    description: queryNotes[field]?.about ?? schema.description ?? '',
    schema: queryNotes[field]?.schema ?? schema,
  }));
}

function inHeaders({ idempotency, answerType, path }: Endpoint): OpenApiParameter[] {
  const headers: OpenApiParameter[] = [];
  const add = (name: string, description: string, schema: OpenApiParameter['schema']): void => {
    headers.push({ name, in: 'header', required: false, description, schema });
  };
  if (idempotency) {
    add(
      'Idempotency-Key',
      'Your own name for this command. Repeats with it answer what the first one did, for 24 hours.',
      {
        type: 'string',
        pattern: '^[\\x21-\\x7e]{1,128}$',
      },
    );
  }
  if (answerType === 'text/event-stream') {
    add('Last-Event-ID', 'The `id` of the last event you have seen: the stream goes on right after it.', {
      type: 'string',
      pattern: '^\\d{1,15}$',
    });
  }
  if (path === '/stripe/webhook') add('Stripe-Signature', 'Stripe’s own signature of the body.', { type: 'string' });
  return headers;
}
