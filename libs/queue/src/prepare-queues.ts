import { runMigrations } from 'bullmq';
import pg from 'pg';

/**
 * Makes or upgrades BullMQ's schema `bullmq`. Run by the migrate step as the database's owner, also where Redis is
 * used (it costs a few tables); services connect without the right to change a schema. Idempotent, safe to run twice at
 * the same time. Grants are the migrate step's business.
 */
export async function prepareQueues(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
