import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
// Prisma's own schema engine, compiled to WASM: nothing is downloaded. Set the variable to use a native one.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= at('./schema-engine.mjs');

export default defineConfig({
  schema: at('./schema.prisma'),
  migrations: { path: at('./migrations') },
  datasource: {
    url: process.env.DATABASE_URL ?? 'postgresql://caravel@127.0.0.1:5432/caravel',
    ...(process.env.SHADOW_DATABASE_URL && { shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL }),
  },
});
