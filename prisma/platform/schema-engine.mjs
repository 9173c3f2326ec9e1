#!/usr/bin/env node
// Prisma schema engine over stdio, backed by Prisma's own WASM build of it, so
// `prisma migrate …` needs no binary from binaries.prisma.sh.
// Use: PRISMA_SCHEMA_ENGINE_BINARY=$PWD/tools/schema-engine.mjs prisma migrate deploy
import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  bindMigrationAwareSqlAdapterFactory,
  mockMigrationAwareAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg';

const argv = process.argv.slice(2);
const option = (name) => {
  const i = argv.indexOf(name);
  return i < 0 ? undefined : argv[i + 1];
};
const url = JSON.parse(option('--datasource') ?? '{}').url;
if (argv.includes('--version') || argv.includes('-V')) {
  const manifest = new URL('./package.json', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  console.log(`schema-engine-wasm ${JSON.parse(await readFile(manifest, 'utf8')).version}`);
  process.exit(0);
}

const split = (raw) => {
  const u = new URL(raw);
  const database = decodeURIComponent(u.pathname.slice(1)) || 'postgres';
  const schema = u.searchParams.get('schema') ?? undefined;
  u.searchParams.delete('schema');
  const admin = new URL(u);
  admin.pathname = '/postgres';
  return { database, schema, target: u.href, admin: admin.href, host: u.hostname, port: u.port || '5432' };
};
const quote = (id) => `"${id.replaceAll('"', '""')}"`;
const withClient = async (connectionString, work) => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};
const known = (error) => {
  const { database, host, port } = split(url);
  if (error.code === '3D000')
    return {
      error_code: 'P1003',
      message: `Database \`${database}\` does not exist on the database server at \`${host}:${port}\`.`,
      meta: { database_name: database },
    };
  if (error.code === '28P01' || error.code === '28000')
    return { error_code: 'P1000', message: `Authentication failed against database server at \`${host}\`.`, meta: {} };
  if (error.code === '42P04')
    return { error_code: 'P1009', message: `Database \`${database}\` already exists.`, meta: {} };
  return {
    error_code: 'P1001',
    message: `Can't reach database server at \`${host}:${port}\`: ${error.message}`,
    meta: { database_host: host, database_port: port },
  };
};

if (argv.includes('cli')) {
  const command = argv[argv.indexOf('cli') + 1];
  const { database, target, admin } = split(url);
  const work = {
    'can-connect-to-database': () => withClient(target, (c) => c.query('SELECT 1')),
    'create-database': () => withClient(admin, (c) => c.query(`CREATE DATABASE ${quote(database)}`)),
    'drop-database': () => withClient(admin, (c) => c.query(`DROP DATABASE ${quote(database)} WITH (FORCE)`)),
  }[command];
  try {
    await work();
    process.exit(0);
  } catch (error) {
    // The CLI skips the first line on stderr (the native engine's greeting) and reads each further one as JSON.
    console.error('schema-engine-wasm');
    console.error(
      JSON.stringify({
        timestamp: new Date().toISOString(),
        level: 'ERROR',
        target: 'schema_engine::logger',
        fields: { is_panic: false, ...known(error) },
      }),
    );
    process.exit(1);
  }
}

// The package's main file wants wasm as an ES module, which Node 20 does not load by itself: instantiate by hand.
const file = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
const { instance } = await WebAssembly.instantiate(await readFile(file), { './schema_engine_bg.js': wasm });
wasm.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

// adapter-pg has no column type for Postgres's own one-byte "char" (OID 18), which the engine's
// introspection queries return: announce those columns as bpchar.
const charAsText = (result) => {
  for (const one of [result].flat())
    for (const field of one?.fields ?? []) if (field.dataTypeID === 18) field.dataTypeID = 1042;
  return result;
};
class Client extends pg.Client {
  query(...args) {
    const done = args.at(-1);
    if (typeof done === 'function')
      return super.query(...args.slice(0, -1), (error, result) => done(error, charAsText(result)));
    const running = super.query(...args);
    return typeof running?.then === 'function' ? running.then(charAsText) : running;
  }
}
// The describer wants this one as a char; on PostgreSQL 18 (NOT NULL is a constraint there) it panics otherwise, about 1 time in 10.
const CHARS = new Set(['constraint_type']);
const conn = url ? split(url) : undefined;
class Factory extends PrismaPg {
  #pool = (database) => {
    const target = new URL(conn.target);
    if (database) target.pathname = `/${database}`;
    const options = conn.schema ? `-c search_path=${quote(conn.schema)}` : undefined;
    const pool = new pg.Pool({ Client, connectionString: target.href, max: 5, options });
    pool.on('error', () => {}); // DROP DATABASE … WITH (FORCE) ends idle clients
    return pool;
  };
  #open = async (database) => {
    const pool = this.#pool(database);
    const adapter = await new PrismaPg(pool, { schema: conn.schema, disposeExternalPool: true }).connect();
    // adapter-pg cuts scripts at every ';', also inside $$ bodies: send the script whole (simple query protocol).
    const raw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const r = await raw(query);
      r.columnNames.forEach((n, i) => {
        if (CHARS.has(n)) r.columnTypes[i] = ColumnTypeEnum.Character;
      });
      return r;
    };
    adapter.executeScript = async (script) => {
      await pool.query(script);
    };
    return adapter;
  };
  connect() {
    return this.#open();
  }
  async connectToShadowDb() {
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    await withClient(conn.admin, (c) => c.query(`CREATE DATABASE ${quote(database)}`));
    const adapter = await this.#open(database);
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      await dispose();
      await withClient(conn.admin, (c) => c.query(`DROP DATABASE IF EXISTS ${quote(database)} WITH (FORCE)`));
    };
    return adapter;
  }
}
const datamodels = await Promise.all(
  argv
    .flatMap((arg, i) => (argv[i - 1] === '--datamodels' ? [arg] : []))
    .map(async (path) => [path, await readFile(path, 'utf8')]),
);
const open = (factory) =>
  wasm.SchemaEngine.new(
    { datamodels: datamodels.length ? datamodels : undefined },
    (log) => {
      if (process.env.SCHEMA_ENGINE_LOG) console.error(log);
    },
    factory,
  );
let engines = {};
const offline = ({ tag }) => tag === 'empty' || tag === 'schemaDatamodel';
const engineFor = (name, params) =>
  name === 'diff' && offline(params.from) && offline(params.to)
    ? (engines.mock ??= open(mockMigrationAwareAdapterFactory('postgres')))
    : (engines.live ??= open(bindMigrationAwareSqlAdapterFactory(new Factory(conn.target))));

const methods = new Set(Object.getOwnPropertyNames(wasm.SchemaEngine.prototype));
const alias = { getDatabaseVersion: 'version' };
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
let queue = Promise.resolve();
const rl = createInterface({ input: process.stdin });
rl.on('line', (line) => {
  if (!line.trim()) return;
  const { id, method, params } = JSON.parse(line);
  if (!method) return; // the CLI's answer to a `print`
  queue = queue.then(async () => {
    const name = alias[method] ?? method;
    if (!methods.has(name))
      return send({
        id,
        error: {
          code: -32601,
          message: `Method not found: ${method}`,
          data: { is_panic: false, message: `Method not found: ${method}` },
        },
      });
    try {
      const result = await (await engineFor(name, params))[name](params);
      // The native engine asks the CLI to print a diff; the WASM one hands it back.
      if (name === 'diff' && result.stdout) send({ id: 0, method: 'print', params: { content: result.stdout } });
      send({ id, result: result ?? null });
    } catch (error) {
      const code = error?.code ?? error?.error_code;
      const message = error?.message ?? String(error);
      send({
        id,
        error: {
          code: 4466,
          message: 'An error happened. Check the data field for details.',
          data: { is_panic: false, message, meta: error?.meta ?? null, error_code: code ?? null },
        },
      });
    }
  });
});
rl.on('close', () => queue.then(() => process.exit(0)));
