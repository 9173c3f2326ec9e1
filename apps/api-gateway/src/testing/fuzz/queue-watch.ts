import { connect } from 'node:net';
import type { TestDatabase } from '@caravel/testing';
import pg from 'pg';
import { canaryWatch } from './canaries.js';

const POLL_MS = 500;

/**
 * Searches everything that goes from service to service: each command that Redis gets, or each row of BullMQ's tables where
 * there is no Redis, each answer of a call, each answer that is kept for a repeat, each notification.
 */
export async function watchQueues({ database, redisUrl, found, secrets }: WatchOptions): Promise<QueueWatch> {
  const watch = (place: string) => canaryWatch(place, secrets, found);
  const inRows = watch('a row of a queue, a call or a kept answer');
  await copyRows(database);
  const poll = async (): Promise<void> => {
    const rows = await database.query<{ text: string }>('DELETE FROM watched_row RETURNING text');
    for (const { text } of rows) inRows(`${text}\n`);
  };
  let polling = Promise.resolve();
  const timer = setInterval(() => {
    polling = polling.then(poll);
  }, POLL_MS);
  const stops = [await watchNotifications(database, watch('a notification'))];
  if (redisUrl) stops.push(watchRedis(redisUrl, watch('a command to Redis')));
  return {
    close: async () => {
      clearInterval(timer);
      await polling;
      await poll();
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}

/** From now on every row of the tables between services is copied to where we find it, however short it lives. */
async function copyRows({ query }: TestDatabase): Promise<void> {
  await query(`CREATE TABLE watched_row (text text)`);
  await query(`
    CREATE FUNCTION watch_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
    $$ BEGIN INSERT INTO public.watched_row VALUES (TG_TABLE_NAME || ' ' || NEW::text); RETURN NULL; END $$`);
  const tables = await query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname = 'bullmq' OR schemaname = 'public' AND tablename ~ '^(call_reply|idempotency|kept_answer)'`,
  );
  for (const { name } of tables) {
    await query(`CREATE TRIGGER watch AFTER INSERT OR UPDATE ON ${name} FOR EACH ROW EXECUTE FUNCTION watch_row()`);
  }
}

async function watchNotifications(database: TestDatabase, see: (piece: string) => void): Promise<Stop> {
  const client = new pg.Client({ connectionString: database.url() });
  client.on('error', () => undefined);
  client.on('notification', ({ channel, payload = '' }) => {
    see(`${channel} ${payload}\n`);
  });
  await client.connect();
  for (const channel of ['call_reply', 'tenant_event']) await client.query(`LISTEN ${channel}`);
  return () => client.end();
}

function watchRedis(redisUrl: string, see: (piece: string) => void): Stop {
  const { hostname, port } = new URL(redisUrl);
  const socket = connect(Number(port), hostname, () => socket.write('MONITOR\r\n'));
  socket.setEncoding('utf8').on('data', see);
  socket.on('error', () => undefined);
  return () => {
    socket.destroy();
    return Promise.resolve();
  };
}

type Stop = () => Promise<void>;

interface QueueWatch {
  close: () => Promise<void>;
}

interface WatchOptions {
  database: TestDatabase;
  redisUrl: string | undefined;
  secrets: Readonly<Record<string, string>>;
  found: (problem: string) => void;
}
