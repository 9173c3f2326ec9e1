import { types } from 'node:util';
import { Prisma } from './generated/client.js';
import { causeOf, field, sqlStateOf } from './sql-state.js';

/**
 * True when the database, not the statement, is why something failed: unreachable, restarting, too slow, out of
 * connections, or a lock held too long. What was asked may have been done; asking again may work.
 */
export function isDatabaseOutage(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const { kind } = causeOf(error);
    return (
      AWAY.test(error.code) ||
      AWAY_STATES.test(sqlStateOf(error) ?? '') ||
      (typeof kind === 'string' && AWAY_KINDS.has(kind))
    );
  }
  // What no code was given to: a connection that broke while it was used.
  return error instanceof Prisma.PrismaClientUnknownRequestError || isDriverError(error) || isBrokenConnection(error);
}

/** True when a lock was not had in `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && sqlStateOf(error) === '55P03';
}

/** Prisma's: unreachable, timed out, closed, no free connection, transaction not begun or ended under us, deadlock. */
const AWAY = /^(P10\d\d|P2024|P2028|P2034|P2037)$/;
/** PostgreSQL's: connection, resources, locks, statements cut off, shutting down, idle transactions ended, deadlock. */
const AWAY_STATES = /^(08...|53...|55P03|57014|57P0.|25P03|40001|40P01)$/;

/** The adapter's, of raw statements: Prisma's own code says only that they failed. */
const AWAY_KINDS: ReadonlySet<string> = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionAlreadyClosed',
  'TransactionWriteConflict',
]);
/** What `pg` says where it has no code: the connection was lost under a statement, or there was none in time, or we are closing. */
const BROKEN =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after)/;
const BROKEN_CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;

/** The driver's own errors reach us as they are when a connection breaks while a client waits for it. */
function isBrokenConnection(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const code = field(error, 'code');
  if (typeof code === 'string' && (BROKEN_CODES.test(code) || AWAY_STATES.test(code))) return true;
  return BROKEN.test(error.message);
}

const isDriverError = (error: unknown): boolean => error instanceof Error && error.name === 'DriverAdapterError';
