import { readFileSync } from 'node:fs';

/** The text of a file in `vectors/`; each test says what it expects inside. */
export function readVectors(name: string): string {
  return readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8');
}
