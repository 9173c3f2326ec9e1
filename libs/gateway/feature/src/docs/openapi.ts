import { api } from '@caravel/api-contract';
import { openApiDocument } from '@caravel/api-contract/openapi';
import type { OpenApiDocument } from '@caravel/api-contract/openapi';
import recorded from '../fixtures/shapes.json' with { type: 'json' };

/** Of the API, by semver: a field or route that goes makes it a new major one. */
const VERSION = '1.0.0';

let made: OpenApiDocument | undefined;

/** The API as this server speaks it; committed as docs/openapi.json. Its address is the one it is read from. */
export function gatewayOpenApi(): OpenApiDocument {
  made ??= openApiDocument({ endpoints: api, version: VERSION, serverUrl: '/', recorded });
  return made;
}
