-- CreateTable
CREATE TABLE "tenant_history" (
    "pubkey" TEXT NOT NULL,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tenant_history_pkey" PRIMARY KEY ("pubkey")
);

-- CreateTable
CREATE TABLE "tenant" (
    "pubkey" TEXT NOT NULL,
    "return_url" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("pubkey")
);

-- CreateTable
CREATE TABLE "tenant_wallet" (
    "tenant_pubkey" TEXT NOT NULL,
    "sealed_url" TEXT,
    "seal_pubkey" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tenant_wallet_pkey" PRIMARY KEY ("tenant_pubkey")
);

-- CreateTable
CREATE TABLE "tenant_billing" (
    "tenant_pubkey" TEXT NOT NULL,
    "stripe_customer_id" TEXT NOT NULL DEFAULT '',
    "stripe_payment_method_id" TEXT,
    "nwc_error" TEXT,
    "nwc_error_at" TIMESTAMPTZ(3),
    "stripe_error" TEXT,
    "wallet_tried_at" TIMESTAMPTZ(3),
    "anchor" TIMESTAMPTZ(3),
    "period_index" INTEGER NOT NULL DEFAULT 0,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "churned_at" TIMESTAMPTZ(3),
    "written_off_cents" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "tenant_billing_pkey" PRIMARY KEY ("tenant_pubkey")
);

-- CreateTable
CREATE TABLE "plan" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "hidden" BOOLEAN NOT NULL,
    "members" INTEGER,
    "blossom" BOOLEAN NOT NULL,
    "livekit" BOOLEAN NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relay" (
    "id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "subdomain" TEXT NOT NULL,
    "zooid_domain" TEXT NOT NULL,
    "schema" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "custom_domain" TEXT NOT NULL DEFAULT '',
    "custom_domain_verified" BOOLEAN NOT NULL DEFAULT false,
    "info_name" TEXT NOT NULL DEFAULT '',
    "info_icon" TEXT NOT NULL DEFAULT '',
    "info_description" TEXT NOT NULL DEFAULT '',
    "policy_public_read" BOOLEAN NOT NULL,
    "policy_public_write" BOOLEAN NOT NULL,
    "policy_public_join" BOOLEAN NOT NULL,
    "policy_strip_signatures" BOOLEAN NOT NULL,
    "groups_enabled" BOOLEAN NOT NULL,
    "management_enabled" BOOLEAN NOT NULL,
    "members_can_invite" BOOLEAN NOT NULL,
    "blossom_enabled" BOOLEAN NOT NULL,
    "livekit_enabled" BOOLEAN NOT NULL,
    "push_enabled" BOOLEAN NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "applied_generation" INTEGER NOT NULL DEFAULT 0,
    "next_sync_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "relay_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subdomain_hold" (
    "subdomain" TEXT NOT NULL,
    "zooid_domain" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subdomain_hold_pkey" PRIMARY KEY ("subdomain","zooid_domain")
);

-- CreateTable
CREATE TABLE "relay_sync" (
    "relay_id" TEXT NOT NULL,
    "applied" JSONB,
    "sync_error" TEXT NOT NULL DEFAULT '',
    "failures" INTEGER NOT NULL DEFAULT 0,
    "first_synced_at" TIMESTAMPTZ(3),
    "last_synced_at" TIMESTAMPTZ(3),
    "sealed_secret" TEXT,
    "claimed_until" TIMESTAMPTZ(3),

    CONSTRAINT "relay_sync_pkey" PRIMARY KEY ("relay_id")
);

-- CreateTable
CREATE TABLE "relay_billing" (
    "relay_id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "billable" BOOLEAN NOT NULL,
    "provisioned" BOOLEAN NOT NULL,
    "waiting" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "numerator" BIGINT NOT NULL DEFAULT 0,
    "itemised_cents" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "relay_billing_pkey" PRIMARY KEY ("relay_id")
);

-- CreateTable
CREATE TABLE "activity" (
    "id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "type" TEXT NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "snapshot" JSONB,
    "billed_at" TIMESTAMPTZ(3),

    CONSTRAINT "activity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice" (
    "id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "voided_at" TIMESTAMPTZ(3),
    "void_reason" TEXT,
    "method" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_item" (
    "id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "invoice_id" TEXT,
    "activity_id" TEXT,
    "relay_id" TEXT,
    "offer_id" TEXT,
    "plan_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "description" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "voided_at" TIMESTAMPTZ(3),

    CONSTRAINT "invoice_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "offer" (
    "id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "msats" BIGINT,
    "payment_hash" TEXT,
    "lnbc" TEXT,
    "checkout_session_id" TEXT,
    "live" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "asked_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3),

    CONSTRAINT "offer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "collection_attempt" (
    "id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "rail" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "offer_id" TEXT,
    "external_id" TEXT,
    "amount_cents" INTEGER NOT NULL,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "dispatched_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3),

    CONSTRAINT "collection_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "id" BIGSERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "amount_cents" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" TEXT NOT NULL,
    "tenant_pubkey" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "next_try_at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "sent_at" TIMESTAMPTZ(3),
    "undeliverable_at" TIMESTAMPTZ(3),
    "cancelled_at" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message_delivery" (
    "message_id" TEXT NOT NULL,
    "relay_url" TEXT NOT NULL,
    "tried_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "message_delivery_pkey" PRIMARY KEY ("message_id","relay_url")
);

-- CreateTable
CREATE TABLE "idempotency" (
    "pubkey" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "answer" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_pkey" PRIMARY KEY ("pubkey","method","path","key")
);

-- CreateTable
CREATE TABLE "call_reply" (
    "call_id" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "call_reply_pkey" PRIMARY KEY ("call_id")
);

-- CreateTable
CREATE TABLE "used_http_auth" (
    "event_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "used_http_auth_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "service_key" (
    "pubkey" TEXT NOT NULL,
    "use" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "service_key_pkey" PRIMARY KEY ("pubkey")
);

-- CreateIndex
CREATE INDEX "tenant_created_at_pubkey_idx" ON "tenant"("created_at" DESC, "pubkey");

-- CreateIndex
CREATE INDEX "tenant_wallet_updated_at_idx" ON "tenant_wallet"("updated_at");

-- CreateIndex
CREATE UNIQUE INDEX "relay_schema_key" ON "relay"("schema");

-- CreateIndex
CREATE INDEX "relay_tenant_pubkey_created_at_id_idx" ON "relay"("tenant_pubkey", "created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "relay_created_at_id_idx" ON "relay"("created_at" DESC, "id");

-- CreateIndex
CREATE INDEX "relay_billing_tenant_pubkey_idx" ON "relay_billing"("tenant_pubkey");

-- CreateIndex
CREATE INDEX "activity_resource_id_seq_idx" ON "activity"("resource_id", "seq" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "activity_tenant_pubkey_seq_key" ON "activity"("tenant_pubkey", "seq");

-- CreateIndex
CREATE INDEX "invoice_tenant_pubkey_created_at_id_idx" ON "invoice"("tenant_pubkey", "created_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_tenant_pubkey_cause_key" ON "invoice"("tenant_pubkey", "cause");

-- CreateIndex
CREATE INDEX "invoice_item_invoice_id_idx" ON "invoice_item"("invoice_id");

-- CreateIndex
CREATE UNIQUE INDEX "offer_payment_hash_key" ON "offer"("payment_hash");

-- CreateIndex
CREATE UNIQUE INDEX "offer_checkout_session_id_key" ON "offer"("checkout_session_id");

-- CreateIndex
CREATE INDEX "offer_invoice_id_created_at_idx" ON "offer"("invoice_id", "created_at");

-- CreateIndex
CREATE INDEX "collection_attempt_invoice_id_created_at_idx" ON "collection_attempt"("invoice_id", "created_at");

-- CreateIndex
CREATE INDEX "ledger_entry_tenant_pubkey_account_idx" ON "ledger_entry"("tenant_pubkey", "account");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_source_account_key" ON "ledger_entry"("source", "account");

-- CreateIndex
CREATE INDEX "message_tenant_pubkey_created_at_id_idx" ON "message"("tenant_pubkey", "created_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "message_tenant_pubkey_template_subject_key" ON "message"("tenant_pubkey", "template", "subject");

-- CreateIndex
CREATE INDEX "idempotency_created_at_idx" ON "idempotency"("created_at");

-- CreateIndex
CREATE INDEX "call_reply_created_at_idx" ON "call_reply"("created_at");

-- CreateIndex
CREATE INDEX "used_http_auth_created_at_idx" ON "used_http_auth"("created_at");

-- CreateIndex
CREATE INDEX "service_key_use_created_at_idx" ON "service_key"("use", "created_at");

-- AddForeignKey
ALTER TABLE "tenant_wallet" ADD CONSTRAINT "tenant_wallet_tenant_pubkey_fkey" FOREIGN KEY ("tenant_pubkey") REFERENCES "tenant"("pubkey") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "tenant_billing" ADD CONSTRAINT "tenant_billing_tenant_pubkey_fkey" FOREIGN KEY ("tenant_pubkey") REFERENCES "tenant"("pubkey") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "relay" ADD CONSTRAINT "relay_tenant_pubkey_fkey" FOREIGN KEY ("tenant_pubkey") REFERENCES "tenant"("pubkey") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "relay" ADD CONSTRAINT "relay_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "relay_sync" ADD CONSTRAINT "relay_sync_relay_id_fkey" FOREIGN KEY ("relay_id") REFERENCES "relay"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "invoice_item" ADD CONSTRAINT "invoice_item_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "offer" ADD CONSTRAINT "offer_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "collection_attempt" ADD CONSTRAINT "collection_attempt_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "message_delivery" ADD CONSTRAINT "message_delivery_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- What follows has no words in Prisma's schema language. catalogue.sql is the test's picture of it.

-- Nothing here has to outlive a crash of the database: an answer nobody waits for, a header that expires in minutes.
ALTER TABLE "call_reply" SET UNLOGGED;
ALTER TABLE "used_http_auth" SET UNLOGGED;

-- Small rules a row can tell by itself.
ALTER TABLE "tenant_billing"
    ADD CONSTRAINT "tenant_billing_anchor_has_period"
        CHECK ("anchor" IS NULL OR ("period_start" IS NOT NULL AND "period_end" > "period_start"));
ALTER TABLE "plan"
    ADD CONSTRAINT "plan_amount" CHECK ("amount_cents" >= 0),
    ADD CONSTRAINT "plan_members" CHECK ("members" > 0);
ALTER TABLE "relay"
    ADD CONSTRAINT "relay_status" CHECK ("status" IN ('active', 'inactive', 'delinquent')),
    ADD CONSTRAINT "relay_subdomain" CHECK ("subdomain" ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    ADD CONSTRAINT "relay_schema" CHECK ("schema" ~ '^[a-z_][a-z0-9_]*$'),
    ADD CONSTRAINT "relay_generation" CHECK ("applied_generation" <= "generation");
ALTER TABLE "activity"
    ADD CONSTRAINT "activity_resource_type" CHECK ("resource_type" IN ('tenant', 'relay')),
    ADD CONSTRAINT "activity_relay_has_snapshot" CHECK ("resource_type" <> 'relay' OR "snapshot" IS NOT NULL);
ALTER TABLE "invoice"
    ADD CONSTRAINT "invoice_amount" CHECK ("amount_cents" >= 50),
    ADD CONSTRAINT "invoice_kind" CHECK ("kind" IN ('cycle', 'closing', 'interim')),
    ADD CONSTRAINT "invoice_period" CHECK ("period_end" > "period_start"),
    ADD CONSTRAINT "invoice_one_end" CHECK ("paid_at" IS NULL OR "voided_at" IS NULL),
    ADD CONSTRAINT "invoice_paid_has_method" CHECK (("paid_at" IS NULL) = ("method" IS NULL)),
    ADD CONSTRAINT "invoice_method" CHECK ("method" IN ('nwc', 'stripe', 'oob')),
    ADD CONSTRAINT "invoice_void_has_reason" CHECK (("voided_at" IS NULL) = ("void_reason" IS NULL)),
    ADD CONSTRAINT "invoice_void_reason" CHECK ("void_reason" IN ('recut', 'forgive', 'write_off'));
ALTER TABLE "invoice_item"
    ADD CONSTRAINT "invoice_item_kind"
        CHECK ("kind" IN ('charge', 'credit', 'renewal', 'wait_credit', 'late_payment', 'adjustment')),
    ADD CONSTRAINT "invoice_item_not_zero" CHECK ("amount_cents" <> 0),
    ADD CONSTRAINT "invoice_item_has_cause"
        CHECK ("activity_id" IS NOT NULL OR "kind" IN ('renewal', 'wait_credit', 'late_payment', 'adjustment')),
    ADD CONSTRAINT "invoice_item_late_payment_has_offer" CHECK (("kind" = 'late_payment') = ("offer_id" IS NOT NULL));
ALTER TABLE "offer"
    ADD CONSTRAINT "offer_amount" CHECK ("amount_cents" > 0),
    ADD CONSTRAINT "offer_kind" CHECK (
        ("kind" = 'bolt11' AND "lnbc" IS NOT NULL AND "payment_hash" IS NOT NULL AND "msats" > 0)
        OR ("kind" = 'checkout' AND "checkout_session_id" IS NOT NULL));
ALTER TABLE "collection_attempt"
    ADD CONSTRAINT "collection_attempt_rail" CHECK ("rail" IN ('nwc', 'card')),
    ADD CONSTRAINT "collection_attempt_state"
        CHECK ("state" IN ('created', 'dispatched', 'succeeded', 'failed', 'unknown')),
    ADD CONSTRAINT "collection_attempt_resolved"
        CHECK (("state" IN ('succeeded', 'failed')) = ("resolved_at" IS NOT NULL)),
    ADD CONSTRAINT "collection_attempt_dispatched"
        CHECK ("state" NOT IN ('dispatched', 'succeeded', 'unknown') OR "dispatched_at" IS NOT NULL);
ALTER TABLE "ledger_entry"
    ADD CONSTRAINT "ledger_entry_account" CHECK ("account" IN
        ('unbilled', 'receivable', 'revenue', 'cash_nwc', 'cash_stripe', 'cash_oob', 'write_off')),
    ADD CONSTRAINT "ledger_entry_not_zero" CHECK ("amount_cents" <> 0);

-- A name belongs to one relay that is not deleted.
CREATE UNIQUE INDEX "relay_host_key" ON "relay" ("subdomain", "zooid_domain") WHERE "deleted_at" IS NULL;
-- A custom domain that was proved belongs to one relay.
CREATE UNIQUE INDEX "relay_custom_domain_key" ON "relay" ("custom_domain")
    WHERE "custom_domain_verified" AND "deleted_at" IS NULL;

-- Money: one invoice per cause is a plain unique key; these are the rest of section 5.
CREATE UNIQUE INDEX "invoice_one_cycle_a_period" ON "invoice" ("tenant_pubkey", "period_start")
    WHERE "kind" = 'cycle' AND "voided_at" IS NULL;
CREATE UNIQUE INDEX "invoice_item_activity_key" ON "invoice_item" ("activity_id", "kind") WHERE "activity_id" IS NOT NULL;
CREATE UNIQUE INDEX "invoice_item_period_key" ON "invoice_item" ("relay_id", "period_start", "kind")
    WHERE "activity_id" IS NULL AND "kind" IN ('renewal', 'wait_credit');
CREATE UNIQUE INDEX "invoice_item_late_payment_key" ON "invoice_item" ("offer_id") WHERE "kind" = 'late_payment';
CREATE UNIQUE INDEX "offer_one_live" ON "offer" ("invoice_id", "kind") WHERE "live";
CREATE UNIQUE INDEX "collection_attempt_one_unresolved" ON "collection_attempt" ("invoice_id")
    WHERE "state" IN ('created', 'dispatched', 'unknown');

-- Work that is due, so that a sweep reads nothing else.
CREATE INDEX "activity_unbilled" ON "activity" ("tenant_pubkey", "seq")
    WHERE "billed_at" IS NULL AND "resource_type" = 'relay';
CREATE INDEX "tenant_billing_due" ON "tenant_billing" ("period_end") WHERE "anchor" IS NOT NULL;
CREATE INDEX "invoice_open" ON "invoice" ("tenant_pubkey", "issued_at") WHERE "paid_at" IS NULL AND "voided_at" IS NULL;
CREATE INDEX "invoice_due" ON "invoice" ("next_try_at") WHERE "paid_at" IS NULL AND "voided_at" IS NULL;
CREATE INDEX "invoice_item_unbilled" ON "invoice_item" ("tenant_pubkey")
    WHERE "invoice_id" IS NULL AND "voided_at" IS NULL;
CREATE INDEX "offer_due" ON "offer" ("next_check_at") WHERE "settled_at" IS NULL AND "closed_at" IS NULL;
CREATE INDEX "collection_attempt_due" ON "collection_attempt" ("next_check_at")
    WHERE "state" IN ('created', 'dispatched', 'unknown');
CREATE INDEX "relay_due" ON "relay" ("next_sync_at") WHERE "applied_generation" < "generation";
CREATE INDEX "message_due" ON "message" ("next_try_at") 
    WHERE "sent_at" IS NULL AND "undeliverable_at" IS NULL AND "cancelled_at" IS NULL;

-- The ledger: the entries of one source come in one statement and sum to zero, and nobody changes them afterwards.
CREATE FUNCTION "ledger_entries_balance"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unbalanced text;
BEGIN
    SELECT string_agg("source", ', ') INTO unbalanced
    FROM (SELECT "source" FROM "added" GROUP BY "source" HAVING sum("amount_cents") <> 0 LIMIT 5) AS wrong;
    IF unbalanced IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entries do not sum to zero: %', unbalanced USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "ledger_entry_balance" AFTER INSERT ON "ledger_entry"
    REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_entries_balance"();

CREATE FUNCTION "append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "ledger_entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_entry"
    FOR EACH STATEMENT EXECUTE FUNCTION "append_only"();

-- An invoice is immutable but for its end and its tries; a paid or voided one stays so.
CREATE FUNCTION "invoice_is_immutable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW."id", NEW."tenant_pubkey", NEW."cause", NEW."kind", NEW."amount_cents", NEW."period_start", NEW."period_end",
        NEW."issued_at", NEW."created_at")
       IS DISTINCT FROM
       (OLD."id", OLD."tenant_pubkey", OLD."cause", OLD."kind", OLD."amount_cents", OLD."period_start", OLD."period_end",
        OLD."issued_at", OLD."created_at")
       OR (OLD."paid_at" IS NOT NULL AND NEW."paid_at" IS DISTINCT FROM OLD."paid_at")
       OR (OLD."voided_at" IS NOT NULL AND NEW."voided_at" IS DISTINCT FROM OLD."voided_at") THEN
        RAISE EXCEPTION 'invoice % is immutable', OLD."id" USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER "invoice_immutable" BEFORE UPDATE ON "invoice"
    FOR EACH ROW EXECUTE FUNCTION "invoice_is_immutable"();
