import type { Prisma } from './generated/client.js';

/** PostgreSQL's own code of an error: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function sqlStateOf(error: Prisma.PrismaClientKnownRequestError): string | undefined {
  const { originalCode: state } = causeOf(error);
  return typeof state === 'string' ? state : undefined;
}

/** What the adapter made of the error below one of Prisma's. */
export function causeOf({ meta }: Prisma.PrismaClientKnownRequestError): { kind?: unknown; originalCode?: unknown } {
  const cause = field(field(meta, 'driverAdapterError'), 'cause');
  return { kind: field(cause, 'kind'), originalCode: field(cause, 'originalCode') };
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
