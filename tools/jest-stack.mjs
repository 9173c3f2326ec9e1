// jest's globalSetup: one real PostgreSQL (and Redis, where the machine has one) for all tests of a run, and one migrated
// database that libs/testing copies for every test file. Set TEST_DATABASE_URL or TEST_REDIS_URL to use servers of your own.
import { migrate } from './migrate.mjs';
import { startPostgres, startRedis } from './stack.mjs';

const TEMPLATE = 'caravel_template';

export default async function startStack() {
  if (globalThis.testStack) return;
  const running = [];
  globalThis.testStack = running;
  if (!process.env.TEST_DATABASE_URL) {
    const postgres = await startPostgres({ durable: false });
    running.push(postgres);
    process.env.TEST_DATABASE_URL = postgres.url('postgres');
  }
  if (!process.env.TEST_REDIS_URL) {
    const redis = await startRedis();
    if (redis) running.push(redis);
    if (redis) process.env.TEST_REDIS_URL = redis.url;
  }
  const template = new URL(process.env.TEST_DATABASE_URL);
  template.pathname = `/${TEMPLATE}`;
  process.env.TEST_TEMPLATE = TEMPLATE;
  await migrate(template.href);
}
