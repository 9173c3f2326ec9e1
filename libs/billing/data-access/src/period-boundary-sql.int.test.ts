import { periodBoundary } from '@caravel/billing-domain';
import { fromUnixSeconds } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import fc from 'fast-check';
import { periodBoundarySql } from './period-boundary-sql.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { utc } from './testing/facts.js';

const ANCHORS = 20_000;

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks(utc('2026-01-01'));
});
afterAll(() => books.close());

const anyAnchor = fc.integer({ min: utc('2001-01-01'), max: utc('2099-12-31') });
const monthEnd = fc
  .record({ year: fc.integer({ min: 2001, max: 2099 }), month: fc.nat(11), day: fc.constantFrom(28, 29, 30, 31) })
  .chain(({ year, month, day }) => fc.nat(86_399).map((second) => Date.UTC(year, month, day) / 1000 + second));

test.each(['UTC', 'America/New_York'])(
  'PostgreSQL and TypeScript agree on every boundary, also in a session in %s',
  async (zone) => {
    const boundary = fc.record({ anchor_s: fc.oneof(anyAnchor, monthEnd), n: fc.nat(1200) });
    const asked = fc
      .sample(boundary, ANCHORS)
      .map(({ anchor_s, n }) => ({ anchor_s, n, anchor: fromUnixSeconds(anchor_s) }));
    const rows = await books.client.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT set_config('timezone', ${zone}, true)`;
      return tx.$queryRaw<{ anchor_s: bigint; n: number; at_s: bigint }[]>`
        SELECT anchor_s, n, extract(epoch FROM ${periodBoundarySql(Prisma.sql`anchor`, Prisma.sql`n`)})::bigint AS at_s
        FROM json_to_recordset(${JSON.stringify(asked)}::json) AS row(anchor_s bigint, anchor timestamptz, n int)`;
    });
    expect(rows).toHaveLength(ANCHORS);
    const wrong = rows.filter(({ anchor_s, n, at_s }) => Number(at_s) !== periodBoundary(Number(anchor_s), n));
    expect(wrong).toEqual([]);
  },
);
