import { api } from '@caravel/api-contract';
import { openApiDocument } from '@caravel/api-contract/openapi';
import type { OpenApiDocument } from '@caravel/api-contract/openapi';
import recorded from '../fixtures/shapes.json' with { type: 'json' };

/** Of the API, by semver: a field or route that goes makes it a new major one. */
const VERSION = '1.0.0';

/**
 * What docs/openapi.json has to be. Servers answer the committed file: making the document takes a tenth of a second, in
 * which nobody else would be served. The server's address is the one that the document is read from.
 */
export function gatewayOpenApi(): OpenApiDocument {
  return openApiDocument({ endpoints: api, version: VERSION, serverUrl: '/', recorded });
}
