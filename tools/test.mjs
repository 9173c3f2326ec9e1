// `npm test`: every test that needs no container engine, on a real PostgreSQL and, where the machine has one, Redis.
//
//   npm test                       all
//   npm test -- libs/billing       those under a path
//   npm test -- -t 'one charge'    those with a name
import { spawn } from 'node:child_process';
import { ensureInstalled, run } from './install.mjs';
import { findRedis } from './stack.mjs';

await ensureInstalled();
if (!findRedis() && !process.env.TEST_REDIS_URL) {
  console.log('SKIPPED: the Redis half of the queue tests, because there is no redis-server or valkey-server on PATH');
}
console.log('left out: container tests (npm run test:compose), benchmarks (npm run bench -- NAME)');
await run('npx', ['nx', 'run-many', '-t', 'build', '--outputStyle=static'], { NX_ISOLATE_PLUGINS: 'false' });
const jest = spawn(
  process.execPath,
  ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
jest.once('exit', (code, signal) => (process.exitCode = signal ? 1 : code));
