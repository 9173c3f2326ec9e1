import { openDatabase } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { createTestDatabase, watchedClient } from '@caravel/testing';

/**
 * A database with warm connections that one world after another happens on: making them anew costs more than a small world.
 * Statements are counted, so that nobody has to ask for news when there was none, and billing's are watched.
 */
export async function openGround(): Promise<Ground> {
  const database = await createTestDatabase();
  const watch = { atStatement: (): void => undefined };
  let statements = 0;
  const point = (): void => {
    watch.atStatement();
  };
  const count = (): void => {
    statements += 1;
  };
  const countAndPoint = (): void => {
    count();
    point();
  };
  const billingClient = watchedClient({ before: countAndPoint, after: point });
  const peopleClient = watchedClient({ before: count, after: () => undefined });
  await database.query(PLAN_ONCE);
  const billingDb = openDatabase(database.url('billing'), { max: 2, Client: billingClient });
  const worldDb = openDatabase(database.url(), { max: 2, Client: peopleClient });
  const empty = emptyAll(await database.query<Table>(TABLES));

  return {
    billingDb,
    worldDb,
    watch,
    statements: () => statements,
    clear: async () => {
      watch.atStatement = () => undefined;
      await database.query(empty);
    },
    close: async () => {
      await Promise.all([billingDb.close(), worldDb.close()]);
      await database.drop();
    },
  };
}

/** Small tables tempt PostgreSQL to plan each statement anew for its values, which costs more than the statement. */
const PLAN_ONCE = `
  DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET plan_cache_mode = force_generic_plan', current_database());
  END $$`;

/** All that a world writes: everything but the plans and the list of migrations. */
const TABLES = `
  SELECT relname AS name, EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal) AS guarded
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname NOT IN ('plan', '_prisma_migrations')`;

/** The ledger is append-only, for its owner too, unless the owner says otherwise. */
function emptyAll(tables: readonly Table[]): string {
  const guarded = tables.filter((table) => table.guarded);
  return [
    ...guarded.map(({ name }) => `ALTER TABLE "${name}" DISABLE TRIGGER USER`),
    `TRUNCATE ${tables.map(({ name }) => `"${name}"`).join(', ')} RESTART IDENTITY`,
    ...guarded.map(({ name }) => `ALTER TABLE "${name}" ENABLE TRIGGER USER`),
  ].join('; ');
}

export interface Ground {
  billingDb: Database;
  worldDb: Database;
  /** Called before and after each statement of billing's; throwing is dying there. */
  watch: { atStatement: () => void };
  /** How many were sent so far, by anybody. */
  statements: () => number;
  /** Makes it as if nothing had happened yet. */
  clear: () => Promise<void>;
  close: () => Promise<void>;
}

interface Table {
  name: string;
  guarded: boolean;
}
