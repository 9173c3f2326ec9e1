import { Prisma } from './generated/client.js';

/**
 * True when the database, not the statement, is why something failed: unreachable, restarting, too slow, out of
 * connections, or a lock held too long. What was asked may have been done; asking again may work.
 */
export function isDatabaseOutage(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    return AWAY.test(error.code) || AWAY_STATES.test(sqlStateOf(error) ?? '');
  }
  // What no code was given to: a connection that broke while it was used.
  return error instanceof Prisma.PrismaClientUnknownRequestError || isDriverError(error);
}

/** True when a lock was not had in `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && sqlStateOf(error) === '55P03';
}

/** Prisma's: unreachable, timed out, closed, no free connection, transaction not begun or ended under us, deadlock. */
const AWAY = /^(P10\d\d|P2024|P2028|P2034|P2037)$/;
/** PostgreSQL's: connection, resources, locks, statements cut off, shutting down, idle transactions ended, deadlock. */
const AWAY_STATES = /^(08...|53...|55P03|57014|57P0.|25P03|40001|40P01)$/;

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
function sqlStateOf({ meta }: Prisma.PrismaClientKnownRequestError): string | undefined {
  const state = field(field(field(meta, 'driverAdapterError'), 'cause'), 'originalCode');
  return typeof state === 'string' ? state : undefined;
}

const isDriverError = (error: unknown): boolean => error instanceof Error && error.name === 'DriverAdapterError';

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
