// `npm test`: every test that needs no container engine, on a real PostgreSQL and, where the machine has one, Redis.
//
//   npm test                       all
//   npm test -- libs/billing       those under a path
//   npm test -- -t 'one charge'    those with a name
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, run } from './install.mjs';
import { findRedis } from './stack.mjs';

await ensureInstalled();
if (!findRedis() && !process.env.TEST_REDIS_URL) {
  console.log('SKIPPED: the Redis half of the queue tests, because there is no redis-server or valkey-server on PATH');
}
console.log('left out: container tests (npm run test:compose), benchmarks (npm run bench -- NAME)');
await run('npx', ['nx', 'run-many', '-t', 'build', '--outputStyle=static'], { NX_ISOLATE_PLUGINS: 'false' });
const results = join(mkdtempSync(join(tmpdir(), 'caravel-test-')), 'results.json');
const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '--json',
    `--outputFile=${results}`,
    ...process.argv.slice(2),
  ],
  // stdout: what suites that draw their cases say of their seed and count. The results are in the file.
  { stdio: 'inherit' },
);
jest.once('exit', (code, signal) => {
  process.exitCode = signal ? 1 : code;
  if (!existsSync(results)) return;
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  rmSync(results);
  console.log(`\n${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`);
});
