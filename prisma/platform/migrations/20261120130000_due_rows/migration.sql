-- DropIndex
DROP INDEX "refund_command_id_key";

-- DropIndex
DROP INDEX "tenant_wallet_updated_at_idx";

-- AlterTable
ALTER TABLE "refund" ADD COLUMN     "part" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "tenant_billing" ADD COLUMN     "card_noticed_at" TIMESTAMPTZ(3),
ADD COLUMN     "customer_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '1970-01-01 00:00:00+00',
ADD COLUMN     "dunning_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "tenant_wallet" ADD COLUMN     "noticed_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE UNIQUE INDEX "refund_command_id_part_key" ON "refund"("command_id", "part");


-- Work that is due, so that a sweep reads nothing else. A wallet or card that collection has not seen: both columns are in its row.
CREATE INDEX "tenant_wallet_unnoticed" ON "tenant_wallet" ("updated_at") WHERE "noticed_at" IS DISTINCT FROM "updated_at";
CREATE INDEX "tenant_billing_unnoticed" ON "tenant_billing" ("card_changed_at") WHERE "card_noticed_at" IS DISTINCT FROM "card_changed_at";
-- Boxes are re-sealed by the key they are sealed to.
CREATE INDEX "tenant_wallet_seal" ON "tenant_wallet" ("seal_pubkey") WHERE "sealed_url" IS NOT NULL;
DROP INDEX "invoice_open_issued";
DROP INDEX "tenant_billing_dunned";
CREATE INDEX "tenant_billing_dunning" ON "tenant_billing" ("dunning_at") WHERE "dunning_at" IS NOT NULL;
CREATE INDEX "tenant_billing_no_customer" ON "tenant_billing" ("customer_try_at")
    WHERE "stripe_customer_id" = '' AND "period_start" IS NOT NULL;
CREATE INDEX "collection_attempt_unknown" ON "collection_attempt" ("dispatched_at") WHERE "state" = 'unknown';
ALTER TABLE "refund" ADD CONSTRAINT "refund_part" CHECK ("part" > 0);

-- Who owes something or is churned is looked at once, and then when it is time.
UPDATE "tenant_billing" SET "dunning_at" = '1970-01-01 00:00:00+00'
WHERE "churned_at" IS NOT NULL OR EXISTS (
    SELECT FROM "invoice" WHERE "invoice"."tenant_pubkey" = "tenant_billing"."tenant_pubkey" AND "paid_at" IS NULL AND "voided_at" IS NULL);

-- Invoices that are older than numbers get the next ones of the year they were written in, in the order they were written.
WITH "old" AS (
    SELECT "id", extract(year FROM "created_at" AT TIME ZONE 'UTC')::int AS "year",
        row_number() OVER (PARTITION BY extract(year FROM "created_at" AT TIME ZONE 'UTC') ORDER BY "created_at", "issued_at", "id") AS "place"
    FROM "invoice" WHERE "number" IS NULL
), "counter" AS (
    INSERT INTO "invoice_counter" ("year", "last") SELECT "year", count(*) FROM "old" GROUP BY "year"
    ON CONFLICT ("year") DO UPDATE SET "last" = "invoice_counter"."last" + excluded."last"
    RETURNING "year", "last"
), "given" AS (
    SELECT "id", "year", ("last" - count(*) OVER (PARTITION BY "year") + "place")::text AS "digits" FROM "old" JOIN "counter" USING ("year")
)
UPDATE "invoice" SET "number" = "given"."year" || '-' || lpad("digits", greatest(6, length("digits")), '0')
FROM "given" WHERE "invoice"."id" = "given"."id";
