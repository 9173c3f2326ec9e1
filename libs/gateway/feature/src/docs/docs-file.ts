import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { resolve } = createRequire(import.meta.url);

/** Where a file of the documentation is: the committed document, or one of swagger-ui-dist. */
const PLACES = {
  'openapi.json': () => fileURLToPath(new URL('../../../../../docs/openapi.json', import.meta.url)),
  'swagger-ui-bundle.js': () => resolve('swagger-ui-dist/swagger-ui-bundle.js'),
  'swagger-ui.css': () => resolve('swagger-ui-dist/swagger-ui.css'),
};

/**
 * A file of the documentation. A bundle has no files beside it: tools/bundle-options.mjs puts another module in this one's
 * place that carries them within itself, packed.
 */
export function docsFile(name: keyof typeof PLACES): Promise<string> {
  return readFile(PLACES[name](), 'utf8');
}
