-- AlterTable
ALTER TABLE "collection_attempt" ADD COLUMN     "card_id" TEXT,
ADD COLUMN     "customer_id" TEXT;

-- AlterTable
ALTER TABLE "invoice" ADD COLUMN     "next_rail" TEXT,
ADD COLUMN     "number" TEXT,
ADD COLUMN     "public_token" TEXT NOT NULL DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text),
ADD COLUMN     "void_note" TEXT;

-- AlterTable
ALTER TABLE "invoice_item" ADD COLUMN     "command_id" TEXT;

-- AlterTable
ALTER TABLE "tenant_billing" ADD COLUMN     "card_changed_at" TIMESTAMPTZ(3),
ADD COLUMN     "card_checked_at" TIMESTAMPTZ(3),
ADD COLUMN     "card_tried_at" TIMESTAMPTZ(3),
ADD COLUMN     "short_grace" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "stripe_error_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "refund" (
    "id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "command_id" TEXT NOT NULL,
    "attempt_id" TEXT,
    "offer_id" TEXT,
    "external_id" TEXT,
    "state" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "dispatched_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3),

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_counter" (
    "year" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "invoice_counter_pkey" PRIMARY KEY ("year")
);

-- CreateIndex
CREATE UNIQUE INDEX "refund_command_id_key" ON "refund"("command_id");

-- CreateIndex
CREATE INDEX "refund_tenant_pubkey_created_at_idx" ON "refund"("tenant_pubkey", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_number_key" ON "invoice"("number");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_public_token_key" ON "invoice"("public_token");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_item_command_id_key" ON "invoice_item"("command_id");


-- Guards without words in Prisma's schema language.
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_number" CHECK ("number" ~ '^[0-9]{4}-[0-9]{6,}$'),
    ADD CONSTRAINT "invoice_next_rail" CHECK ("next_rail" = 'card');
ALTER TABLE "invoice_item"
    DROP CONSTRAINT "invoice_item_kind",
    DROP CONSTRAINT "invoice_item_has_cause",
    ADD CONSTRAINT "invoice_item_kind"
        CHECK ("kind" IN ('charge', 'credit', 'renewal', 'wait_credit', 'late_payment', 'adjustment', 'refund')),
    ADD CONSTRAINT "invoice_item_has_cause"
        CHECK ("activity_id" IS NOT NULL OR "kind" IN ('renewal', 'wait_credit', 'late_payment', 'adjustment', 'refund')),
    ADD CONSTRAINT "invoice_item_command"
        CHECK (("kind" IN ('adjustment', 'refund')) = ("command_id" IS NOT NULL)),
    ADD CONSTRAINT "invoice_item_refund" CHECK ("kind" <> 'refund' OR "amount_cents" > 0);
ALTER TABLE "refund"
    ADD CONSTRAINT "refund_amount" CHECK ("amount_cents" > 0),
    ADD CONSTRAINT "refund_state" CHECK ("state" IN ('created', 'dispatched', 'succeeded', 'failed', 'unknown')),
    ADD CONSTRAINT "refund_resolved" CHECK (("state" IN ('succeeded', 'failed')) = ("resolved_at" IS NOT NULL)),
    ADD CONSTRAINT "refund_has_reason" CHECK ("reason" <> '');
ALTER TABLE "invoice_counter" ADD CONSTRAINT "invoice_counter_last" CHECK ("last" > 0);
ALTER TABLE "ledger_entry"
    DROP CONSTRAINT "ledger_entry_account",
    ADD CONSTRAINT "ledger_entry_account" CHECK ("account" IN
        ('unbilled', 'credit', 'receivable', 'revenue', 'cash_nwc', 'cash_stripe', 'cash_oob', 'write_off'));

CREATE INDEX "refund_due" ON "refund" ("next_check_at") WHERE "state" IN ('created', 'dispatched', 'unknown');
-- What the revenue summary looks at in a span of time.
CREATE INDEX "ledger_entry_money" ON "ledger_entry" ("at") INCLUDE ("account", "amount_cents")
    WHERE "account" IN ('cash_nwc', 'cash_stripe', 'cash_oob', 'write_off');
CREATE INDEX "collection_attempt_failed" ON "collection_attempt" ("resolved_at") WHERE "state" = 'failed';
-- Dunning looks at the oldest open invoice of a tenant, and at who is churned or has little grace.
CREATE INDEX "invoice_open_issued" ON "invoice" ("issued_at") WHERE "paid_at" IS NULL AND "voided_at" IS NULL;
CREATE INDEX "tenant_billing_dunned" ON "tenant_billing" ("tenant_pubkey") WHERE "churned_at" IS NOT NULL OR "short_grace";
-- The period close pages through due tenants; many may be due in the same second.
DROP INDEX "tenant_billing_due";
CREATE INDEX "tenant_billing_due" ON "tenant_billing" ("period_end", "tenant_pubkey") WHERE "anchor" IS NOT NULL;
-- A webhook knows a customer, not a tenant.
CREATE UNIQUE INDEX "tenant_billing_customer_key" ON "tenant_billing" ("stripe_customer_id") WHERE "stripe_customer_id" <> '';

-- A number is given once; the link's token never changes.
CREATE OR REPLACE FUNCTION "invoice_is_immutable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW."id", NEW."tenant_pubkey", NEW."cause", NEW."kind", NEW."amount_cents", NEW."period_start", NEW."period_end",
        NEW."issued_at", NEW."created_at", NEW."public_token")
       IS DISTINCT FROM
       (OLD."id", OLD."tenant_pubkey", OLD."cause", OLD."kind", OLD."amount_cents", OLD."period_start", OLD."period_end",
        OLD."issued_at", OLD."created_at", OLD."public_token")
       OR (OLD."number" IS NOT NULL AND NEW."number" IS DISTINCT FROM OLD."number")
       OR (OLD."paid_at" IS NOT NULL AND NEW."paid_at" IS DISTINCT FROM OLD."paid_at")
       OR (OLD."voided_at" IS NOT NULL AND NEW."voided_at" IS DISTINCT FROM OLD."voided_at") THEN
        RAISE EXCEPTION 'invoice % is immutable', OLD."id" USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
