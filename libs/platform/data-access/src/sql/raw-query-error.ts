import pg from 'pg';
import { Prisma } from '../generated/client.js';

/**
 * What PostgreSQL says of a statement, as Prisma says it of its raw ones: code P2010, with the server's own code in
 * `meta.driverAdapterError.cause`. Whatever else went wrong (the connection was lost, say) stays as `pg` has it.
 */
export function rawQueryError(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const { code: originalCode, message: originalMessage, constraint } = error;
  return new Prisma.PrismaClientKnownRequestError(
    `Raw query failed. Code: \`${originalCode ?? 'N/A'}\`. Message: \`${originalMessage}\``,
    {
      code: 'P2010',
      clientVersion: Prisma.prismaVersion.client,
      meta: { driverAdapterError: { cause: { kind: 'postgres', originalCode, originalMessage, constraint } } },
    },
  );
}
