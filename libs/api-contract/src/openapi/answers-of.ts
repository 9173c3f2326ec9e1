import { ERROR_STATUS } from '@caravel/domain';
import type { ErrorCode } from '@caravel/domain';
import type { Endpoint } from '../endpoint.js';
import { errorNotes } from './error-notes.js';
import type { ExamplesOf } from './examples.js';
import type { SchemaSet } from './json-schemas.js';
import type { OpenApiMedia, OpenApiResponse, Reference } from './types.js';

/** Every status an endpoint answers with: its success, and its errors with the codes that come with each. */
export function answersOf(
  name: string,
  endpoint: Endpoint,
  parts: AnswerParts,
): Record<string, OpenApiResponse | Reference> {
  const { status = 200 } = endpoint;
  const success = {
    description: status === 201 ? 'Created.' : 'Done.',
    headers: headersOf(endpoint),
    content: contentOf(name, endpoint, parts),
  };
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of parts.errors) {
    const codes = byStatus.get(ERROR_STATUS[code]) ?? [];
    byStatus.set(ERROR_STATUS[code], [...codes, code]);
  }
  byStatus.set(500, ['internal']);
  const errors = [...byStatus].map(([each, codes]) => [
    String(each),
    codes.length > 1 ? errorAnswer(codes) : shared(codes),
  ]);
  return { [String(status)]: success, ...(Object.fromEntries(errors) as Record<string, OpenApiResponse>) };
}

/** Of a status that only one code has here: the same everywhere, so it is told once. */
const shared = ([code = 'internal']: readonly ErrorCode[]): Reference => ({ $ref: `#/components/responses/${code}` });

/** All answers that are told once. */
export function sharedAnswers(): Record<string, OpenApiResponse> {
  const codes = Object.keys(errorNotes) as ErrorCode[];
  return Object.fromEntries(codes.map((code) => [code, errorAnswer([code])]));
}

/** An answer in the envelope `{error, code}`. */
function errorAnswer(codes: readonly ErrorCode[]): OpenApiResponse {
  const headers = codes.some((code) => ERROR_STATUS[code] === 429) ? ['Retry-After', ...RATE_LIMIT] : [];
  const notes = codes.map((code) => `- \`${code}\`: ${errorNotes[code]}.`);
  return {
    description: notes.join('\n'),
    headers: referTo(['X-Request-Id', ...headers]),
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['error', 'code'],
          properties: {
            error: { type: 'string', description: 'What went wrong and what to do, for the person who waits.' },
            code: { type: 'string', enum: [...codes] },
            ...(codes.includes('invalid-request') && { details: { $ref: '#/components/schemas/ErrorDetails' } }),
          },
        },
      },
    },
  };
}

function contentOf(
  name: string,
  { answerType, answer }: Endpoint,
  { answered, examplesOf }: AnswerParts,
): Record<string, OpenApiMedia> {
  const data = answered.of(`${name}Answer`);
  if (answerType === 'application/json; raw') return { 'application/json': { schema: data } };
  if (answerType !== undefined) return { [answerType]: { schema: { type: 'string' } } };
  const examples = examplesOf(answer).map((value, index) => [
    `example-${index + 1}`,
    { value: { data: value, code: 'ok' } },
  ]);
  const schema = {
    type: 'object',
    required: ['data', 'code'],
    properties: { data, code: { type: 'string', const: 'ok' } },
  };
  return {
    'application/json': {
      schema,
      ...(examples.length > 0 && { examples: Object.fromEntries(examples) as Record<string, { value: unknown }> }),
    },
  };
}

const RATE_LIMIT = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

function headersOf({ query, idempotency }: Endpoint): Record<string, Reference> {
  const isPaged = query !== undefined && 'shape' in query && Object.hasOwn(query.shape as object, 'cursor');
  return referTo([
    'X-Request-Id',
    ...(isPaged ? ['Link'] : []),
    ...(idempotency ? ['Idempotent-Replayed'] : []),
    ...RATE_LIMIT,
  ]);
}

const referTo = (names: readonly string[]): Record<string, Reference> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

interface AnswerParts {
  answered: SchemaSet;
  examplesOf: ExamplesOf;
  errors: readonly ErrorCode[];
}
