import { firstNoticeMs } from '@caravel/billing-domain';
import { Prisma } from '@caravel/platform-data-access';

/** When dunning first has to look at an invoice of that issue date: there is no notice before. Needs `billing`. */
export function firstLookSql(issuedAt: Prisma.Sql, graceDays: number | undefined): Prisma.Sql {
  const afterS = (shortGrace: boolean) => Math.floor(firstNoticeMs({ shortGrace }, graceDays) / 1000);
  return Prisma.sql`${issuedAt} + CASE WHEN billing.short_grace THEN ${afterS(true)}::int ELSE ${afterS(false)}::int END * interval '1 second'`;
}
