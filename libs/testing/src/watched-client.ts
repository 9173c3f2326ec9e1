import pg from 'pg';

/**
 * Looks at every statement of a connection, `COMMIT` included, but `BEGIN` and `ROLLBACK`: who dies there has done nothing, and
 * a transaction may begin with its first statement. Throwing is dying there.
 */
export interface StatementWatch {
  /** The statement has not left. */
  before: (sql: string) => void;
  /** It was done, and nobody has heard of it yet. */
  after: (sql: string) => void;
}

/**
 * A connection class for a pool (`Client`) that lets tests die at any statement. What a dead process leaves open is rolled
 * back, as the server does when a connection is lost, before anybody else's next statement.
 */
export function watchedClient(watch: StatementWatch): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      const original: unknown = Reflect.get(pg.Client.prototype, 'query');
      if (typeof original !== 'function') throw new TypeError('pg has no query');
      const send: Send = (args) => Reflect.apply(original, this, args) as unknown;
      Object.defineProperty(this, 'query', { value: (...args: unknown[]) => query(watch, args, send) });
    }
  };
}

function query(watch: StatementWatch, args: unknown[], send: Send): unknown {
  const sql = textOf(args[0]);
  if (sql === 'BEGIN' || sql === 'ROLLBACK') return send(args);
  if (args[0] instanceof pg.Query) return queryObject(watch, args[0], send);
  const callback = args.at(-1);
  if (typeof callback === 'function')
    return queryWithCallback(watch, { sql, args, callback: callback as Callback, send });
  return (async () => {
    try {
      watch.before(sql);
      const result = await send(args);
      watch.after(sql);
      return result;
    } catch (error) {
      await Promise.resolve(send(['ROLLBACK'])).catch(() => undefined);
      throw error;
    }
  })();
}

/** As a pool's own `query` sends it: one statement, committed by itself. */
function queryWithCallback(watch: StatementWatch, { sql, args, callback, send }: WithCallback): unknown {
  const guarded = (look: (sql: string) => void): unknown => {
    try {
      look(sql);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  const refused = guarded(watch.before);
  if (refused !== undefined) {
    process.nextTick(callback, refused);
    return undefined;
  }
  const done: Callback = (error, result) => {
    callback(error ?? guarded(watch.after), result);
  };
  return send([...args.slice(0, -1), done]);
}

/** Some are sent as objects of `pg`'s own, which know whom to tell. */
function queryObject(watch: StatementWatch, object: pg.Query, send: Send): unknown {
  const carrier = object as { callback?: Callback };
  const { callback = () => undefined } = carrier;
  const sendWith = ([, done]: unknown[]): unknown => {
    carrier.callback = done as Callback;
    return send([object]);
  };
  return queryWithCallback(watch, { sql: textOf(object), args: [object, callback], callback, send: sendWith });
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  const { text } = statement as { text?: unknown };
  return typeof text === 'string' ? text : '';
}

type Callback = (error: unknown, result?: unknown) => void;
type Send = (args: unknown[]) => unknown;

interface WithCallback {
  sql: string;
  args: unknown[];
  callback: Callback;
  send: Send;
}
