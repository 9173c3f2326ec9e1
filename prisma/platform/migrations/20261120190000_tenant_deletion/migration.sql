-- What others wrote about a tenant ends with its account: their roles still decide who else may write it. Of Stripe's customer only
-- what belongs to payments is kept, in their own rows. A message that is being sent at this instant is left to whoever holds it:
-- waiting for its lock under the tenant's could be a deadlock.
CREATE FUNCTION "tenant_deleted"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE "tenant_billing" SET "stripe_customer_id" = '', "stripe_payment_method_id" = NULL,
        "nwc_error" = NULL, "nwc_error_at" = NULL, "stripe_error" = NULL, "stripe_error_at" = NULL
    WHERE "tenant_pubkey" = NEW."pubkey";
    UPDATE "message" SET "cancelled_at" = NEW."deleted_at", "next_try_at" = NULL, "error" = NULL
    WHERE "id" IN (
        SELECT "id" FROM "message" WHERE "tenant_pubkey" = NEW."pubkey"
            AND "sent_at" IS NULL AND "undeliverable_at" IS NULL AND "cancelled_at" IS NULL
        FOR UPDATE SKIP LOCKED);
    RETURN NULL;
END $$;
CREATE TRIGGER "tenant_deleted" AFTER UPDATE OF "deleted_at" ON "tenant" FOR EACH ROW
    WHEN (OLD."deleted_at" IS NULL AND NEW."deleted_at" IS NOT NULL) EXECUTE FUNCTION "tenant_deleted"();
