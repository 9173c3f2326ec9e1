import { readdir, readFile } from 'node:fs/promises';

/** The migrations by file name, `NNN-name.sql`; `NNN-name.postgres.sql` only for PostgreSQL. A bundle has them inside. */
export async function migrationFiles(): Promise<Record<string, string>> {
  const folder = new URL('../migrations/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}
