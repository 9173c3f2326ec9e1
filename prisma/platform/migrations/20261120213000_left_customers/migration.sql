-- CreateTable
CREATE TABLE "left_customer" (
    "customer_id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "left_customer_pkey" PRIMARY KEY ("customer_id")
);

-- CreateIndex
CREATE INDEX "left_customer_next_try_at_idx" ON "left_customer"("next_try_at");


-- An account that is deleted leaves a customer at Stripe, with a name and cards: the row says that it is to be deleted there. Not
-- within a day: so long Stripe answers a request for a new customer of the same key with this one.
CREATE FUNCTION "customer_left"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO "left_customer" ("customer_id", "tenant_pubkey", "next_try_at")
    VALUES (OLD."stripe_customer_id", OLD."tenant_pubkey",
        coalesce((SELECT "deleted_at" FROM "tenant" WHERE "pubkey" = OLD."tenant_pubkey"), now()) + interval '25 hours')
    ON CONFLICT ("customer_id") DO UPDATE SET "next_try_at" = excluded."next_try_at";
    RETURN NULL;
END $$;
CREATE TRIGGER "customer_left" AFTER UPDATE OF "stripe_customer_id" ON "tenant_billing" FOR EACH ROW
    WHEN (OLD."stripe_customer_id" <> '' AND NEW."stripe_customer_id" <> OLD."stripe_customer_id")
    EXECUTE FUNCTION "customer_left"();
