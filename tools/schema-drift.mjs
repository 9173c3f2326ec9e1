// Do the migrations make exactly what schema.prisma says? Exit 0 when they do, 2 with the difference when they don't.
import { spawnSync } from 'node:child_process';
import { startPostgres } from './stack.mjs';
import pg from 'pg';

const postgres = await startPostgres({ durable: false });
try {
  const admin = new pg.Client({ connectionString: postgres.url('postgres') });
  await admin.connect();
  await admin.query('CREATE DATABASE shadow');
  await admin.query('CREATE DATABASE caravel');
  await admin.end();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      'node_modules/prisma/build/index.js',
      'migrate',
      'diff',
      '--config',
      'prisma/platform/prisma.config.ts',
      '--from-migrations',
      'prisma/platform/migrations',
      '--to-schema',
      'prisma/platform/schema.prisma',
      '--exit-code',
    ],
    {
      encoding: 'utf8',
      env: { ...process.env, DATABASE_URL: postgres.url('caravel'), SHADOW_DATABASE_URL: postgres.url('shadow') },
    },
  );
  console.log(status === 0 ? 'schema: the migrations make exactly what schema.prisma says' : `${stdout}${stderr}`);
  process.exitCode = status ?? 1;
} finally {
  await postgres.stop();
}
