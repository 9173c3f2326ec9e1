import { allErrors } from '../all-errors.js';
import type { Endpoint } from '../endpoint.js';
import { answersOf } from './answers-of.js';
import type { ExamplesOf } from './examples.js';
import { policyNotes, tagOf } from './guide.js';
import type { SchemaSet } from './json-schemas.js';
import { parametersOf } from './parameters.js';
import { requestExamples } from './request-examples.js';
import type { OpenApiOperation } from './types.js';

/** One endpoint as OpenAPI tells of it; everything in it follows from what the endpoint says about itself. */
export function operation(name: string, endpoint: Endpoint, { sent, answered, examplesOf }: OperationParts) {
  const { summary, policy, body, bodyType = 'application/json' } = endpoint;
  const example = requestExamples[name];
  const schema = body && sent.of(`${name}Body`);
  const requestBody = {
    required: body?.safeParse({}).success === false,
    content: {
      [bodyType]: { schema: schema ?? {}, ...(example && { examples: { example: { value: example } } }) },
    },
  };
  const told: OpenApiOperation = {
    operationId: name,
    tags: [tagOf(endpoint)],
    summary,
    description: descriptionOf(endpoint),
    security: policy === 'public' ? [] : [{ nip98: [] }],
    parameters: parametersOf(name, endpoint, sent),
    ...((body ?? endpoint.bodyType) && { requestBody }),
    responses: answersOf(name, endpoint, { answered, examplesOf, errors: allErrors(endpoint) }),
    'x-policy': policy,
  };
  return told;
}

function descriptionOf({ policy, idempotency, query }: Endpoint): string {
  const parts = [policyNotes[policy]];
  if (idempotency) parts.push('Send an `Idempotency-Key` to be able to repeat it safely.');
  if (query && 'shape' in query && typeof query.shape === 'object' && query.shape && 'cursor' in query.shape) {
    parts.push('The next page, if there is one, is in the `Link` header.');
  }
  return parts.join(' ');
}

interface OperationParts {
  sent: SchemaSet;
  answered: SchemaSet;
  examplesOf: ExamplesOf;
}
