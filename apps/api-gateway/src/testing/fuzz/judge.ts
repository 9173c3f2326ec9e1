import type { OpenApiDocument, OpenApiOperation, OpenApiResponse } from '@caravel/api-contract/openapi';
import { mismatches } from './match-schema.js';
import type { RawAnswer } from './raw-request.js';

/** What is wrong with an answer according to the document; empty when nothing is. */
export type Judge = (operation: string, answer: RawAnswer) => string[];

export function judgeBy(document: OpenApiDocument, secrets: Readonly<Record<string, string>>): Judge {
  const operations = Object.values(document.paths).flatMap((verbs) => Object.values(verbs));
  const byName = new Map(operations.map((operation) => [operation.operationId, operation]));
  // Whoever asks for a page of Stripe's is told its address; that is what it is for.
  const hasPage = (operation: string) => JSON.stringify(byName.get(operation)?.responses ?? {}).includes('/PageUrl"');

  return (operation, answer) => {
    const leaks = Object.entries(secrets).filter(([name, secret]) => {
      return !(name === 'pageToken' && hasPage(operation)) && answerText(answer).includes(secret);
    });
    const problems = leaks.map(([name]) => `${name} in an answer`);
    if (answer.status >= 500) problems.push(`status ${answer.status}: ${answer.text.slice(0, 300)}`);
    if (answer.headers['x-request-id'] === undefined) problems.push('no X-Request-Id');
    if (answer.status === 429 && answer.headers['retry-after'] === undefined)
      problems.push('a 429 without Retry-After');
    return [...problems, ...undocumented(byName.get(operation), answer, document)];
  };
}

function undocumented(operation: OpenApiOperation | undefined, answer: RawAnswer, document: OpenApiDocument): string[] {
  const { responses, schemas: shapes } = document.components;
  const told = operation ? operation.responses[String(answer.status)] : responses[NOWHERE[answer.status] ?? ''];
  const known: OpenApiResponse | undefined =
    told && '$ref' in told ? responses[told.$ref.split('/').at(-1) ?? ''] : told;
  if (!known) return [`status ${answer.status} is not documented: ${answer.text.slice(0, 200)}`];
  const type = answer.contentType.split(';')[0] ?? '';
  const media = known.content?.[type];
  if (!media) return [`content type ${type} is not documented for ${answer.status}`];
  if (type !== 'application/json') return [];
  try {
    return mismatches(JSON.parse(answer.text), media.schema, { shapes });
  } catch {
    return [`no JSON: ${answer.text.slice(0, 100)}`];
  }
}

/** What an address that no route serves may answer. */
const NOWHERE: Record<number, string> = { 400: 'invalid-request', 404: 'not-found', 429: 'rate-limited' };

const answerText = ({ text, headers }: RawAnswer): string => `${JSON.stringify(headers)}${text}`;
