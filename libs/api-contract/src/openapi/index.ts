export { examplesAmong } from './examples.js';
export { openApiDocument } from './openapi-document.js';
export type { OpenApiOptions } from './openapi-document.js';
export { requestExamples } from './request-examples.js';
export type {
  JsonSchema,
  OpenApiDocument,
  OpenApiHeader,
  OpenApiMedia,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiResponse,
  Reference,
  Verb,
} from './types.js';
