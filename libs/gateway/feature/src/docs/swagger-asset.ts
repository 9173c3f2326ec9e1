import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/**
 * A file of swagger-ui-dist. A bundle has no packages beside it: tools/bundle-options.mjs puts another module in this one's
 * place that carries the files within itself, packed.
 */
export function swaggerAsset(file: 'swagger-ui-bundle.js' | 'swagger-ui.css'): Promise<string> {
  return readFile(resolve(`swagger-ui-dist/${file}`), 'utf8');
}
