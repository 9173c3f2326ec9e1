-- The words of a message are fixed before they first leave: a try that repeats sends the same rumor, whatever was renamed since.
ALTER TABLE "message" ADD COLUMN     "text" TEXT;

-- AlterTable
ALTER TABLE "message_delivery" ADD COLUMN     "tries" INTEGER NOT NULL DEFAULT 1;

-- As before, and the words of messages that are cancelled go, too.
CREATE OR REPLACE FUNCTION "tenant_deleted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE "tenant_billing" SET "stripe_customer_id" = '', "stripe_payment_method_id" = NULL,
        "nwc_error" = NULL, "nwc_error_at" = NULL, "stripe_error" = NULL, "stripe_error_at" = NULL
    WHERE "tenant_pubkey" = NEW."pubkey";
    UPDATE "message" SET "cancelled_at" = NEW."deleted_at", "next_try_at" = NULL, "error" = NULL, "text" = NULL
    WHERE "id" IN (
        SELECT "id" FROM "message" WHERE "tenant_pubkey" = NEW."pubkey"
            AND "sent_at" IS NULL AND "undeliverable_at" IS NULL AND "cancelled_at" IS NULL
        FOR UPDATE SKIP LOCKED);
    RETURN NULL;
END $$;
