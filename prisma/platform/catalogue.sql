-- indexes
CREATE INDEX activity_resource_id_seq_idx ON public.activity USING btree (resource_id, seq DESC)
CREATE INDEX activity_unbilled ON public.activity USING btree (tenant_pubkey, seq) WHERE ((billed_at IS NULL) AND (resource_type = 'relay'::text))
CREATE INDEX call_reply_created_at_idx ON public.call_reply USING btree (created_at)
CREATE INDEX collection_attempt_due ON public.collection_attempt USING btree (next_check_at) WHERE (state = ANY (ARRAY['created'::text, 'dispatched'::text, 'unknown'::text]))
CREATE INDEX collection_attempt_failed ON public.collection_attempt USING btree (resolved_at) WHERE (state = 'failed'::text)
CREATE INDEX collection_attempt_invoice_id_created_at_idx ON public.collection_attempt USING btree (invoice_id, created_at)
CREATE INDEX collection_attempt_unknown ON public.collection_attempt USING btree (dispatched_at) WHERE (state = 'unknown'::text)
CREATE INDEX idempotency_created_at_idx ON public.idempotency USING btree (created_at)
CREATE INDEX inbound_message_received_at_idx ON public.inbound_message USING btree (received_at)
CREATE INDEX inbound_message_sender_pubkey_received_at_idx ON public.inbound_message USING btree (sender_pubkey, received_at)
CREATE INDEX invoice_due ON public.invoice USING btree (next_try_at) WHERE ((paid_at IS NULL) AND (voided_at IS NULL))
CREATE INDEX invoice_item_invoice_id_idx ON public.invoice_item USING btree (invoice_id)
CREATE INDEX invoice_item_unbilled ON public.invoice_item USING btree (tenant_pubkey) WHERE ((invoice_id IS NULL) AND (voided_at IS NULL))
CREATE INDEX invoice_open ON public.invoice USING btree (tenant_pubkey, issued_at) WHERE ((paid_at IS NULL) AND (voided_at IS NULL))
CREATE INDEX invoice_tenant_pubkey_created_at_id_idx ON public.invoice USING btree (tenant_pubkey, created_at DESC, id)
CREATE INDEX ledger_entry_money ON public.ledger_entry USING btree (at) INCLUDE (account, amount_cents) WHERE (account = ANY (ARRAY['cash_nwc'::text, 'cash_stripe'::text, 'cash_oob'::text, 'write_off'::text]))
CREATE INDEX ledger_entry_tenant_pubkey_account_idx ON public.ledger_entry USING btree (tenant_pubkey, account)
CREATE INDEX left_customer_next_try_at_idx ON public.left_customer USING btree (next_try_at)
CREATE INDEX message_due ON public.message USING btree (next_try_at) WHERE ((sent_at IS NULL) AND (undeliverable_at IS NULL) AND (cancelled_at IS NULL))
CREATE INDEX message_joined ON public.message USING btree (joined_into) WHERE (joined_into IS NOT NULL)
CREATE INDEX message_tenant_pubkey_created_at_id_idx ON public.message USING btree (tenant_pubkey, created_at DESC, id)
CREATE INDEX offer_due ON public.offer USING btree (next_check_at) WHERE ((settled_at IS NULL) AND (closed_at IS NULL))
CREATE INDEX offer_invoice_id_created_at_idx ON public.offer USING btree (invoice_id, created_at)
CREATE INDEX rate_count_resets_at_idx ON public.rate_count USING btree (resets_at)
CREATE INDEX refund_due ON public.refund USING btree (next_check_at) WHERE (state = ANY (ARRAY['created'::text, 'dispatched'::text, 'unknown'::text]))
CREATE INDEX refund_tenant_pubkey_created_at_idx ON public.refund USING btree (tenant_pubkey, created_at)
CREATE INDEX relay_billing_tenant_pubkey_idx ON public.relay_billing USING btree (tenant_pubkey)
CREATE INDEX relay_check ON public.relay_sync USING btree (check_at) WHERE (check_at IS NOT NULL)
CREATE INDEX relay_created_at_id_idx ON public.relay USING btree (created_at DESC, id)
CREATE INDEX relay_custom_domain ON public.relay USING btree (custom_domain) WHERE (custom_domain <> ''::text)
CREATE INDEX relay_due ON public.relay USING btree (next_sync_at) WHERE (applied_generation < generation)
CREATE INDEX relay_idle_due ON public.relay USING btree (idle_check_at) WHERE (deleted_at IS NULL)
CREATE INDEX relay_move_due ON public.relay_move USING btree (next_try_at) WHERE (finished_at IS NULL)
CREATE INDEX relay_move_relay_id_idx ON public.relay_move USING btree (relay_id)
CREATE INDEX relay_move_target ON public.relay_move USING btree (target) WHERE (finished_at IS NULL)
CREATE INDEX relay_removal ON public.relay USING btree (deleted_at) WHERE ((deleted_at IS NOT NULL) AND (removed_at IS NULL))
CREATE INDEX relay_sync_instance_idx ON public.relay_sync USING btree (instance)
CREATE INDEX relay_sync_usage_due ON public.relay_sync USING btree (next_usage_at) WHERE (first_synced_at IS NOT NULL)
CREATE INDEX relay_tenant_pubkey_created_at_id_idx ON public.relay USING btree (tenant_pubkey, created_at DESC, id)
CREATE INDEX relay_usage_day_idx ON public.relay_usage USING brin (day)
CREATE INDEX service_key_use_created_at_idx ON public.service_key USING btree (use, created_at)
CREATE INDEX tenant_billing_due ON public.tenant_billing USING btree (period_end, tenant_pubkey) WHERE (anchor IS NOT NULL)
CREATE INDEX tenant_billing_dunning ON public.tenant_billing USING btree (dunning_at) WHERE (dunning_at IS NOT NULL)
CREATE INDEX tenant_billing_no_customer ON public.tenant_billing USING btree (customer_try_at) WHERE ((stripe_customer_id = ''::text) AND (period_start IS NOT NULL))
CREATE INDEX tenant_billing_unnoticed ON public.tenant_billing USING btree (card_changed_at) WHERE (card_noticed_at IS DISTINCT FROM card_changed_at)
CREATE INDEX tenant_created_at_pubkey_idx ON public.tenant USING btree (created_at DESC, pubkey)
CREATE INDEX tenant_wallet_seal ON public.tenant_wallet USING btree (seal_pubkey) WHERE (sealed_url IS NOT NULL)
CREATE INDEX tenant_wallet_unnoticed ON public.tenant_wallet USING btree (updated_at) WHERE (noticed_at IS DISTINCT FROM updated_at)
CREATE INDEX transfer_ticket_expires_at_idx ON public.transfer_ticket USING btree (expires_at)
CREATE INDEX used_http_auth_created_at_idx ON public.used_http_auth USING btree (created_at)
CREATE UNIQUE INDEX activity_pkey ON public.activity USING btree (id)
CREATE UNIQUE INDEX activity_tenant_pubkey_seq_key ON public.activity USING btree (tenant_pubkey, seq)
CREATE UNIQUE INDEX call_reply_pkey ON public.call_reply USING btree (call_id)
CREATE UNIQUE INDEX collection_attempt_one_unresolved ON public.collection_attempt USING btree (invoice_id) WHERE (state = ANY (ARRAY['created'::text, 'dispatched'::text, 'unknown'::text]))
CREATE UNIQUE INDEX collection_attempt_pkey ON public.collection_attempt USING btree (id)
CREATE UNIQUE INDEX idempotency_pkey ON public.idempotency USING btree (pubkey, method, path, key)
CREATE UNIQUE INDEX inbound_message_pkey ON public.inbound_message USING btree (rumor_id)
CREATE UNIQUE INDEX invoice_counter_pkey ON public.invoice_counter USING btree (year)
CREATE UNIQUE INDEX invoice_item_activity_key ON public.invoice_item USING btree (activity_id, kind) WHERE (activity_id IS NOT NULL)
CREATE UNIQUE INDEX invoice_item_command_id_key ON public.invoice_item USING btree (command_id)
CREATE UNIQUE INDEX invoice_item_late_payment_key ON public.invoice_item USING btree (offer_id) WHERE (kind = 'late_payment'::text)
CREATE UNIQUE INDEX invoice_item_period_key ON public.invoice_item USING btree (relay_id, period_start, kind) WHERE ((activity_id IS NULL) AND (kind = ANY (ARRAY['renewal'::text, 'wait_credit'::text])))
CREATE UNIQUE INDEX invoice_item_pkey ON public.invoice_item USING btree (id)
CREATE UNIQUE INDEX invoice_number_key ON public.invoice USING btree (number)
CREATE UNIQUE INDEX invoice_one_cycle_a_period ON public.invoice USING btree (tenant_pubkey, period_start) WHERE ((kind = 'cycle'::text) AND (voided_at IS NULL))
CREATE UNIQUE INDEX invoice_pkey ON public.invoice USING btree (id)
CREATE UNIQUE INDEX invoice_public_token_key ON public.invoice USING btree (public_token)
CREATE UNIQUE INDEX invoice_tenant_pubkey_cause_key ON public.invoice USING btree (tenant_pubkey, cause)
CREATE UNIQUE INDEX ledger_entry_pkey ON public.ledger_entry USING btree (id)
CREATE UNIQUE INDEX ledger_entry_source_account_key ON public.ledger_entry USING btree (source, account)
CREATE UNIQUE INDEX left_customer_pkey ON public.left_customer USING btree (customer_id)
CREATE UNIQUE INDEX message_delivery_pkey ON public.message_delivery USING btree (message_id, relay_url)
CREATE UNIQUE INDEX message_pkey ON public.message USING btree (id)
CREATE UNIQUE INDEX message_tenant_pubkey_template_subject_key ON public.message USING btree (tenant_pubkey, template, subject)
CREATE UNIQUE INDEX offer_checkout_session_id_key ON public.offer USING btree (checkout_session_id)
CREATE UNIQUE INDEX offer_one_live ON public.offer USING btree (invoice_id, kind) WHERE live
CREATE UNIQUE INDEX offer_payment_hash_key ON public.offer USING btree (payment_hash)
CREATE UNIQUE INDEX offer_pkey ON public.offer USING btree (id)
CREATE UNIQUE INDEX plan_pkey ON public.plan USING btree (id)
CREATE UNIQUE INDEX rate_count_pkey ON public.rate_count USING btree (key)
CREATE UNIQUE INDEX refund_command_id_part_key ON public.refund USING btree (command_id, part)
CREATE UNIQUE INDEX refund_pkey ON public.refund USING btree (id)
CREATE UNIQUE INDEX relay_billing_pkey ON public.relay_billing USING btree (relay_id)
CREATE UNIQUE INDEX relay_custom_domain_key ON public.relay USING btree (custom_domain) WHERE (custom_domain_verified AND (deleted_at IS NULL))
CREATE UNIQUE INDEX relay_domain_pkey ON public.relay_domain USING btree (relay_id)
CREATE UNIQUE INDEX relay_host_key ON public.relay USING btree (subdomain, zooid_domain) WHERE (deleted_at IS NULL)
CREATE UNIQUE INDEX relay_idle_pkey ON public.relay_idle USING btree (relay_id)
CREATE UNIQUE INDEX relay_move_pkey ON public.relay_move USING btree (id)
CREATE UNIQUE INDEX relay_move_running ON public.relay_move USING btree (relay_id) WHERE (finished_at IS NULL)
CREATE UNIQUE INDEX relay_pkey ON public.relay USING btree (id)
CREATE UNIQUE INDEX relay_sample_pkey ON public.relay_sample USING btree (relay_id)
CREATE UNIQUE INDEX relay_schema_key ON public.relay USING btree (schema)
CREATE UNIQUE INDEX relay_sync_pkey ON public.relay_sync USING btree (relay_id)
CREATE UNIQUE INDEX relay_usage_pkey ON public.relay_usage USING btree (relay_id, day)
CREATE UNIQUE INDEX service_key_pkey ON public.service_key USING btree (pubkey)
CREATE UNIQUE INDEX subdomain_hold_pkey ON public.subdomain_hold USING btree (subdomain, zooid_domain)
CREATE UNIQUE INDEX tenant_billing_customer_key ON public.tenant_billing USING btree (stripe_customer_id) WHERE (stripe_customer_id <> ''::text)
CREATE UNIQUE INDEX tenant_billing_pkey ON public.tenant_billing USING btree (tenant_pubkey)
CREATE UNIQUE INDEX tenant_event_pkey ON public.tenant_event USING btree (tenant_pubkey, seq)
CREATE UNIQUE INDEX tenant_history_pkey ON public.tenant_history USING btree (pubkey)
CREATE UNIQUE INDEX tenant_pkey ON public.tenant USING btree (pubkey)
CREATE UNIQUE INDEX tenant_wallet_pkey ON public.tenant_wallet USING btree (tenant_pubkey)
CREATE UNIQUE INDEX transfer_ticket_pkey ON public.transfer_ticket USING btree (id)
CREATE UNIQUE INDEX used_http_auth_pkey ON public.used_http_auth USING btree (event_id)

-- constraints
activity activity_pkey PRIMARY KEY (id)
activity activity_relay_has_snapshot CHECK (((resource_type <> 'relay'::text) OR (snapshot IS NOT NULL)))
activity activity_resource_type CHECK ((resource_type = ANY (ARRAY['tenant'::text, 'relay'::text])))
call_reply call_reply_pkey PRIMARY KEY (call_id)
collection_attempt collection_attempt_dispatched CHECK (((state <> ALL (ARRAY['dispatched'::text, 'succeeded'::text, 'unknown'::text])) OR (dispatched_at IS NOT NULL)))
collection_attempt collection_attempt_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id)
collection_attempt collection_attempt_pkey PRIMARY KEY (id)
collection_attempt collection_attempt_rail CHECK ((rail = ANY (ARRAY['nwc'::text, 'card'::text])))
collection_attempt collection_attempt_resolved CHECK (((state = ANY (ARRAY['succeeded'::text, 'failed'::text])) = (resolved_at IS NOT NULL)))
collection_attempt collection_attempt_state CHECK ((state = ANY (ARRAY['created'::text, 'dispatched'::text, 'succeeded'::text, 'failed'::text, 'unknown'::text])))
idempotency idempotency_pkey PRIMARY KEY (pubkey, method, path, key)
inbound_message inbound_message_command CHECK ((command = ANY (ARRAY['status'::text, 'invoice'::text, 'help'::text, 'unknown'::text])))
inbound_message inbound_message_pkey PRIMARY KEY (rumor_id)
invoice invoice_amount CHECK ((amount_cents >= 50))
invoice invoice_kind CHECK ((kind = ANY (ARRAY['cycle'::text, 'closing'::text, 'interim'::text])))
invoice invoice_method CHECK ((method = ANY (ARRAY['nwc'::text, 'stripe'::text, 'oob'::text])))
invoice invoice_next_rail CHECK ((next_rail = 'card'::text))
invoice invoice_number CHECK ((number ~ '^[0-9]{4}-[0-9]{6,}$'::text))
invoice invoice_numbered TRIGGER DEFERRABLE INITIALLY DEFERRED
invoice invoice_one_end CHECK (((paid_at IS NULL) OR (voided_at IS NULL)))
invoice invoice_paid_has_method CHECK (((paid_at IS NULL) = (method IS NULL)))
invoice invoice_period CHECK ((period_end > period_start))
invoice invoice_pkey PRIMARY KEY (id)
invoice invoice_void_has_reason CHECK (((voided_at IS NULL) = (void_reason IS NULL)))
invoice invoice_void_reason CHECK ((void_reason = ANY (ARRAY['recut'::text, 'forgive'::text, 'write_off'::text])))
invoice_counter invoice_counter_last CHECK ((last > 0))
invoice_counter invoice_counter_pkey PRIMARY KEY (year)
invoice_item invoice_item_command CHECK (((kind = ANY (ARRAY['adjustment'::text, 'refund'::text])) = (command_id IS NOT NULL)))
invoice_item invoice_item_has_cause CHECK (((activity_id IS NOT NULL) OR (kind = ANY (ARRAY['renewal'::text, 'wait_credit'::text, 'late_payment'::text, 'adjustment'::text, 'refund'::text]))))
invoice_item invoice_item_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id)
invoice_item invoice_item_kind CHECK ((kind = ANY (ARRAY['charge'::text, 'credit'::text, 'renewal'::text, 'wait_credit'::text, 'late_payment'::text, 'adjustment'::text, 'refund'::text])))
invoice_item invoice_item_late_payment_has_offer CHECK (((kind = 'late_payment'::text) = (offer_id IS NOT NULL)))
invoice_item invoice_item_not_zero CHECK ((amount_cents <> 0))
invoice_item invoice_item_pkey PRIMARY KEY (id)
invoice_item invoice_item_refund CHECK (((kind <> 'refund'::text) OR (amount_cents > 0)))
ledger_entry ledger_entry_account CHECK ((account = ANY (ARRAY['unbilled'::text, 'credit'::text, 'receivable'::text, 'revenue'::text, 'cash_nwc'::text, 'cash_stripe'::text, 'cash_oob'::text, 'write_off'::text])))
ledger_entry ledger_entry_not_zero CHECK ((amount_cents <> 0))
ledger_entry ledger_entry_pkey PRIMARY KEY (id)
left_customer left_customer_pkey PRIMARY KEY (customer_id)
message message_joins_another CHECK ((joined_into <> id))
message message_pkey PRIMARY KEY (id)
message_delivery message_delivery_message_id_fkey FOREIGN KEY (message_id) REFERENCES message(id)
message_delivery message_delivery_pkey PRIMARY KEY (message_id, relay_url)
offer offer_amount CHECK ((amount_cents > 0))
offer offer_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id)
offer offer_kind CHECK ((((kind = 'bolt11'::text) AND (lnbc IS NOT NULL) AND (payment_hash IS NOT NULL) AND (msats > 0)) OR ((kind = 'checkout'::text) AND (checkout_session_id IS NOT NULL))))
offer offer_pkey PRIMARY KEY (id)
plan plan_amount CHECK ((amount_cents >= 0))
plan plan_members CHECK ((members > 0))
plan plan_pkey PRIMARY KEY (id)
rate_count rate_count_pkey PRIMARY KEY (key)
refund refund_amount CHECK ((amount_cents > 0))
refund refund_has_reason CHECK ((reason <> ''::text))
refund refund_part CHECK ((part > 0))
refund refund_pkey PRIMARY KEY (id)
refund refund_resolved CHECK (((state = ANY (ARRAY['succeeded'::text, 'failed'::text])) = (resolved_at IS NOT NULL)))
refund refund_state CHECK ((state = ANY (ARRAY['created'::text, 'dispatched'::text, 'succeeded'::text, 'failed'::text, 'unknown'::text])))
relay relay_domain_verified CHECK (((NOT custom_domain_verified) OR (custom_domain <> ''::text)))
relay relay_generation CHECK ((applied_generation <= generation))
relay relay_pkey PRIMARY KEY (id)
relay relay_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plan(id)
relay relay_removed CHECK (((removed_at IS NULL) OR (deleted_at IS NOT NULL)))
relay relay_schema CHECK ((schema ~ '^[a-z_][a-z0-9_]*$'::text))
relay relay_status CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text, 'delinquent'::text])))
relay relay_subdomain CHECK ((subdomain ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
relay relay_tenant_pubkey_fkey FOREIGN KEY (tenant_pubkey) REFERENCES tenant(pubkey)
relay_billing relay_billing_pkey PRIMARY KEY (relay_id)
relay_domain relay_domain_pkey PRIMARY KEY (relay_id)
relay_domain relay_domain_relay_id_fkey FOREIGN KEY (relay_id) REFERENCES relay(id)
relay_idle relay_idle_order CHECK (((since <= announced_at) AND (announced_at < stop_at) AND ((stopped_at IS NULL) = (delete_at IS NULL)) AND (stop_at <= stopped_at) AND (stopped_at < delete_at)))
relay_idle relay_idle_pkey PRIMARY KEY (relay_id)
relay_move relay_move_pkey PRIMARY KEY (id)
relay_move relay_move_relay_id_fkey FOREIGN KEY (relay_id) REFERENCES relay(id)
relay_move relay_move_state CHECK (((state = ANY (ARRAY['planned'::text, 'closing'::text, 'copying'::text, 'verifying'::text, 'switched'::text, 'undoing'::text, 'done'::text, 'undone'::text])) AND ((state = ANY (ARRAY['done'::text, 'undone'::text])) = (finished_at IS NOT NULL)) AND (source <> target)))
relay_sample relay_sample_counts CHECK (((events >= 0) AND (members >= 0) AND (bytes >= 0)))
relay_sample relay_sample_pkey PRIMARY KEY (relay_id)
relay_sync relay_sync_pkey PRIMARY KEY (relay_id)
relay_sync relay_sync_relay_id_fkey FOREIGN KEY (relay_id) REFERENCES relay(id)
relay_usage relay_usage_counts CHECK (((events >= 0) AND (members >= 0) AND (bytes >= 0)))
relay_usage relay_usage_pkey PRIMARY KEY (relay_id, day)
service_key service_key_pkey PRIMARY KEY (pubkey)
subdomain_hold subdomain_hold_pkey PRIMARY KEY (subdomain, zooid_domain)
tenant tenant_pkey PRIMARY KEY (pubkey)
tenant_billing tenant_billing_anchor_has_period CHECK (((anchor IS NULL) OR ((period_start IS NOT NULL) AND (period_end > period_start))))
tenant_billing tenant_billing_pkey PRIMARY KEY (tenant_pubkey)
tenant_billing tenant_billing_tenant_pubkey_fkey FOREIGN KEY (tenant_pubkey) REFERENCES tenant(pubkey)
tenant_event tenant_event_kind CHECK ((kind = ANY (ARRAY['activity'::text, 'invoice'::text, 'message'::text])))
tenant_event tenant_event_pkey PRIMARY KEY (tenant_pubkey, seq)
tenant_event tenant_event_seq CHECK ((seq > 0))
tenant_history tenant_history_pkey PRIMARY KEY (pubkey)
tenant_wallet tenant_wallet_pkey PRIMARY KEY (tenant_pubkey)
tenant_wallet tenant_wallet_tenant_pubkey_fkey FOREIGN KEY (tenant_pubkey) REFERENCES tenant(pubkey)
transfer_ticket transfer_ticket_direction CHECK ((direction = ANY (ARRAY['export'::text, 'import'::text])))
transfer_ticket transfer_ticket_pkey PRIMARY KEY (id)
used_http_auth used_http_auth_pkey PRIMARY KEY (event_id)

-- tables
activity logged
call_reply unlogged
collection_attempt logged
idempotency logged
inbound_message logged
invoice logged
invoice_counter logged
invoice_item logged
ledger_entry logged
left_customer logged
message logged
message_delivery logged
offer logged
plan logged
rate_count unlogged
refund logged
relay logged
relay_billing logged
relay_domain logged
relay_idle logged
relay_move logged
relay_sample logged
relay_sync logged
relay_usage logged
service_key logged
subdomain_hold logged
tenant logged
tenant_billing logged
tenant_event logged
tenant_history logged
tenant_wallet logged
transfer_ticket unlogged
used_http_auth unlogged

-- functions
CREATE OR REPLACE FUNCTION public.append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $function$
CREATE OR REPLACE FUNCTION public.customer_left()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
    INSERT INTO "left_customer" ("customer_id", "tenant_pubkey", "next_try_at")
    VALUES (OLD."stripe_customer_id", OLD."tenant_pubkey",
        coalesce((SELECT "deleted_at" FROM "tenant" WHERE "pubkey" = OLD."tenant_pubkey"), now()) + interval '25 hours')
    ON CONFLICT ("customer_id") DO UPDATE SET "next_try_at" = excluded."next_try_at";
    RETURN NULL;
END $function$
CREATE OR REPLACE FUNCTION public.fix_joined_message(own text, claim timestamp with time zone, others text[], words text, at timestamp with time zone, quiet interval, OUT kind text, OUT said text, OUT until timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
DECLARE
    "mine" "message"%ROWTYPE;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('messages-of ' || "tenant_pubkey", 0)) FROM "message" WHERE "id" = "own";
    SELECT * INTO "mine" FROM "message"
    WHERE "id" = "own" AND "next_try_at" = "claim" AND "joined_into" IS NULL
        AND "sent_at" IS NULL AND "undeliverable_at" IS NULL AND "cancelled_at" IS NULL;
    IF NOT FOUND THEN
        "kind" := 'interrupted';
        RETURN;
    END IF;
    IF "mine"."text" IS NOT NULL THEN
        "kind" := 'text';
        "said" := "mine"."text";
        RETURN;
    END IF;

    -- One of its kind is on its way, then its next try; or was sent less than "quiet" ago, then that much after it.
    SELECT CASE WHEN bool_or("sent_at" IS NULL)
        THEN greatest(min("next_try_at") FILTER (WHERE "sent_at" IS NULL), "at") + interval '1 second'
        ELSE max("sent_at") + "quiet" END INTO "until"
    FROM "message" AS "same"
    WHERE "tenant_pubkey" = "mine"."tenant_pubkey" AND "template" = "mine"."template" AND "same"."id" <> "own"
        AND ("sent_at" > "at" - "quiet"
            OR "sent_at" IS NULL AND "undeliverable_at" IS NULL AND "cancelled_at" IS NULL AND "text" IS NOT NULL);
    IF "until" IS NOT NULL THEN
        "kind" := 'later';
        RETURN;
    END IF;

    IF (SELECT count(*) FROM (
            SELECT FROM "message" AS "other" WHERE "other"."id" = ANY ("others")
                AND "tenant_pubkey" = "mine"."tenant_pubkey" AND "template" = "mine"."template"
                AND "sent_at" IS NULL AND "undeliverable_at" IS NULL AND "cancelled_at" IS NULL AND "text" IS NULL
                AND ("joined_into" IS NULL OR "joined_into" = "own")
            FOR UPDATE) AS "free") <> cardinality("others") THEN
        "kind" := 'changed';
        RETURN;
    END IF;
    -- Taken in before a crash, and not told now: due by itself.
    UPDATE "message" AS "other" SET "joined_into" = NULL, "next_try_at" = "at"
    WHERE "joined_into" = "own" AND "other"."id" <> ALL ("others")
        AND "sent_at" IS NULL AND "undeliverable_at" IS NULL AND "cancelled_at" IS NULL;
    UPDATE "message" AS "other" SET "joined_into" = "own", "next_try_at" = NULL WHERE "other"."id" = ANY ("others");
    UPDATE "message" AS "self" SET "text" = "words" WHERE "self"."id" = "own";
    "kind" := 'text';
    "said" := "words";
END $function$
CREATE OR REPLACE FUNCTION public.invoice_cut()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    "before" text := nullif(current_setting('caravel.cut', true), '');
BEGIN
    PERFORM set_config('caravel.cut', (coalesce("before", '{}')::text[] || array_agg("id"))::text, true)
    FROM "added" WHERE "number" IS NULL HAVING count(*) > 0;
    RETURN NULL;
END $function$
CREATE OR REPLACE FUNCTION public.invoice_is_immutable()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
END $function$
CREATE OR REPLACE FUNCTION public.ledger_entries_balance()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
    unbalanced text;
BEGIN
    SELECT string_agg("source", ', ') INTO unbalanced
    FROM (SELECT "source" FROM "added" GROUP BY "source" HAVING sum("amount_cents") <> 0 LIMIT 5) AS wrong;
    IF unbalanced IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entries do not sum to zero: %', unbalanced USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $function$
CREATE OR REPLACE FUNCTION public.message_joined_ended()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF NEW."cancelled_at" IS NOT NULL THEN
        UPDATE "message" SET "joined_into" = NULL, "next_try_at" = NEW."cancelled_at"
        WHERE "joined_into" = NEW."id" AND "sent_at" IS NULL AND "undeliverable_at" IS NULL AND "cancelled_at" IS NULL;
        RETURN NULL;
    END IF;
    INSERT INTO "message_delivery" ("message_id", "relay_url", "tried_at", "accepted_at", "error", "tries")
    SELECT "joined"."id", "relay_url", "tried_at", "accepted_at", "told"."error", "told"."tries"
    FROM "message" AS "joined" JOIN "message_delivery" AS "told" ON "told"."message_id" = "joined"."joined_into"
    WHERE "joined"."joined_into" = NEW."id"
    ON CONFLICT DO NOTHING;
    UPDATE "message" SET "sent_at" = NEW."sent_at", "undeliverable_at" = NEW."undeliverable_at", "error" = NEW."error"
    WHERE "joined_into" = NEW."id" AND "sent_at" IS NULL AND "undeliverable_at" IS NULL AND "cancelled_at" IS NULL;
    RETURN NULL;
END $function$
CREATE OR REPLACE FUNCTION public.number_invoices()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
AS $function$
DECLARE
    "cut" text[];
    "given" text;
BEGIN
    -- The first one of a transaction numbers the others too.
    SELECT "number" INTO "given" FROM "invoice" WHERE "id" = NEW."id";
    IF "given" IS NOT NULL THEN
        RETURN NULL;
    END IF;
    "cut" := coalesce(nullif(current_setting('caravel.cut', true), '')::text[], '{}');
    -- Whatever has become of the notes, an invoice that is committed has its number.
    IF NEW."id" <> ALL ("cut") THEN
        "cut" := "cut" || NEW."id";
    END IF;
    -- As text, it is planned for as many invoices as there are: one, or a batch of the period close.
    EXECUTE $numbering$
        WITH "new" AS (
            SELECT "id", "year", row_number() OVER (PARTITION BY "year" ORDER BY "place") AS "place"
            FROM unnest($1) WITH ORDINALITY AS "mine"("id", "place") CROSS JOIN LATERAL (
                SELECT "number", extract(year FROM "created_at" AT TIME ZONE 'UTC')::int AS "year"
                FROM "invoice" WHERE "invoice"."id" = "mine"."id" OFFSET 0) AS "written"
            WHERE "number" IS NULL
        ), "counter" AS (
            INSERT INTO "invoice_counter" ("year", "last") SELECT "year", count(*) FROM "new" GROUP BY "year" ORDER BY "year"
            ON CONFLICT ("year") DO UPDATE SET "last" = "invoice_counter"."last" + excluded."last"
            RETURNING "year", "last"
        ), "given" AS (
            SELECT "id", "year", ("last" - count(*) OVER (PARTITION BY "year") + "place")::text AS "digits"
            FROM "new" JOIN "counter" USING ("year")
        )
        UPDATE "invoice" SET "number" = "given"."year" || '-' || lpad("digits", greatest(6, length("digits")), '0')
        FROM "given" WHERE "invoice"."id" = "given"."id"$numbering$
    USING "cut";
    RETURN NULL;
END $function$
CREATE OR REPLACE FUNCTION public.tenant_activity_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM FROM "tenant_history" WHERE "pubkey" IN (SELECT "tenant_pubkey" FROM "added") ORDER BY "pubkey" FOR UPDATE;
    INSERT INTO "tenant_event" ("tenant_pubkey", "seq", "kind", "subject_id")
    SELECT "tenant_pubkey", coalesce((SELECT max("last"."seq") FROM "tenant_event" AS "last" WHERE "last"."tenant_pubkey" = "added"."tenant_pubkey"), 0)
        + row_number() OVER (PARTITION BY "tenant_pubkey" ORDER BY "seq"), 'activity', "id"
    FROM "added" WHERE EXISTS (SELECT FROM "tenant_history" WHERE "pubkey" = "tenant_pubkey");
    PERFORM pg_notify('tenant_event', "tenant_pubkey") FROM (SELECT DISTINCT "tenant_pubkey" FROM "added") AS "told";
    RETURN NULL;
END $function$
CREATE OR REPLACE FUNCTION public.tenant_deleted()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
END $function$
CREATE OR REPLACE FUNCTION public.tenant_row_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM FROM "tenant_history" WHERE "pubkey" IN (SELECT "tenant_pubkey" FROM "added") ORDER BY "pubkey" FOR UPDATE;
    INSERT INTO "tenant_event" ("tenant_pubkey", "seq", "kind", "subject_id")
    SELECT "tenant_pubkey", coalesce((SELECT max("last"."seq") FROM "tenant_event" AS "last" WHERE "last"."tenant_pubkey" = "added"."tenant_pubkey"), 0)
        + row_number() OVER (PARTITION BY "tenant_pubkey" ORDER BY "id"), TG_TABLE_NAME, "id"
    FROM "added" WHERE EXISTS (SELECT FROM "tenant_history" WHERE "pubkey" = "tenant_pubkey");
    PERFORM pg_notify('tenant_event', "tenant_pubkey") FROM (SELECT DISTINCT "tenant_pubkey" FROM "added") AS "told";
    RETURN NULL;
END $function$
CREATE OR REPLACE FUNCTION public.tenant_row_ended()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM FROM "tenant_history" WHERE "pubkey" = NEW."tenant_pubkey" FOR UPDATE;
    IF FOUND THEN
        INSERT INTO "tenant_event" ("tenant_pubkey", "seq", "kind", "subject_id")
        SELECT NEW."tenant_pubkey", coalesce(max("seq"), 0) + 1, TG_TABLE_NAME, NEW."id"
        FROM "tenant_event" WHERE "tenant_pubkey" = NEW."tenant_pubkey";
        PERFORM pg_notify('tenant_event', NEW."tenant_pubkey");
    END IF;
    RETURN NULL;
END $function$

-- triggers
CREATE CONSTRAINT TRIGGER invoice_numbered AFTER INSERT ON public.invoice DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.number IS NULL)) EXECUTE FUNCTION number_invoices()
CREATE TRIGGER activity_event AFTER INSERT ON public.activity REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tenant_activity_added()
CREATE TRIGGER customer_left AFTER UPDATE OF stripe_customer_id ON public.tenant_billing FOR EACH ROW WHEN (((old.stripe_customer_id <> ''::text) AND (new.stripe_customer_id <> old.stripe_customer_id))) EXECUTE FUNCTION customer_left()
CREATE TRIGGER invoice_cut AFTER INSERT ON public.invoice REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION invoice_cut()
CREATE TRIGGER invoice_ended_event AFTER UPDATE OF paid_at, voided_at ON public.invoice FOR EACH ROW WHEN (((new.paid_at IS DISTINCT FROM old.paid_at) OR (new.voided_at IS DISTINCT FROM old.voided_at))) EXECUTE FUNCTION tenant_row_ended()
CREATE TRIGGER invoice_event AFTER INSERT ON public.invoice REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tenant_row_added()
CREATE TRIGGER invoice_immutable BEFORE UPDATE ON public.invoice FOR EACH ROW EXECUTE FUNCTION invoice_is_immutable()
CREATE TRIGGER ledger_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION append_only()
CREATE TRIGGER ledger_entry_balance AFTER INSERT ON public.ledger_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_entries_balance()
CREATE TRIGGER message_ended_event AFTER UPDATE OF sent_at, undeliverable_at, cancelled_at ON public.message FOR EACH ROW WHEN ((((new.sent_at IS DISTINCT FROM old.sent_at) OR (new.undeliverable_at IS DISTINCT FROM old.undeliverable_at)) OR (new.cancelled_at IS DISTINCT FROM old.cancelled_at))) EXECUTE FUNCTION tenant_row_ended()
CREATE TRIGGER message_event AFTER INSERT ON public.message REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tenant_row_added()
CREATE TRIGGER message_joined_ended AFTER UPDATE OF sent_at, undeliverable_at, cancelled_at ON public.message FOR EACH ROW WHEN ((((new.sent_at IS DISTINCT FROM old.sent_at) OR (new.undeliverable_at IS DISTINCT FROM old.undeliverable_at)) OR (new.cancelled_at IS DISTINCT FROM old.cancelled_at))) EXECUTE FUNCTION message_joined_ended()
CREATE TRIGGER tenant_deleted AFTER UPDATE OF deleted_at ON public.tenant FOR EACH ROW WHEN (((old.deleted_at IS NULL) AND (new.deleted_at IS NOT NULL))) EXECUTE FUNCTION tenant_deleted()

-- table grants
caravel_billing: DELETE, INSERT, SELECT on call_reply
caravel_billing: DELETE, SELECT on left_customer
caravel_billing: INSERT, SELECT on activity
caravel_billing: INSERT, SELECT on ledger_entry
caravel_billing: INSERT, SELECT on message
caravel_billing: INSERT, SELECT, UPDATE on collection_attempt
caravel_billing: INSERT, SELECT, UPDATE on invoice
caravel_billing: INSERT, SELECT, UPDATE on invoice_counter
caravel_billing: INSERT, SELECT, UPDATE on invoice_item
caravel_billing: INSERT, SELECT, UPDATE on offer
caravel_billing: INSERT, SELECT, UPDATE on refund
caravel_billing: INSERT, SELECT, UPDATE on relay_billing
caravel_billing: INSERT, SELECT, UPDATE on service_key
caravel_billing: INSERT, SELECT, UPDATE on tenant_billing
caravel_billing: SELECT on message_delivery
caravel_billing: SELECT on plan
caravel_billing: SELECT on relay
caravel_billing: SELECT on tenant
caravel_billing: SELECT on tenant_wallet
caravel_billing: SELECT, UPDATE on tenant_history
caravel_gateway: DELETE, INSERT, SELECT on call_reply
caravel_gateway: DELETE, INSERT, SELECT on used_http_auth
caravel_gateway: DELETE, INSERT, SELECT, UPDATE on idempotency
caravel_gateway: DELETE, INSERT, SELECT, UPDATE on rate_count
caravel_gateway: DELETE, INSERT, SELECT, UPDATE on relay_idle
caravel_gateway: DELETE, INSERT, SELECT, UPDATE on subdomain_hold
caravel_gateway: INSERT on transfer_ticket
caravel_gateway: INSERT, SELECT on activity
caravel_gateway: INSERT, SELECT on message
caravel_gateway: INSERT, SELECT on relay
caravel_gateway: INSERT, SELECT, UPDATE on tenant
caravel_gateway: INSERT, SELECT, UPDATE on tenant_history
caravel_gateway: INSERT, SELECT, UPDATE on tenant_wallet
caravel_gateway: SELECT on collection_attempt
caravel_gateway: SELECT on invoice
caravel_gateway: SELECT on invoice_item
caravel_gateway: SELECT on ledger_entry
caravel_gateway: SELECT on message_delivery
caravel_gateway: SELECT on offer
caravel_gateway: SELECT on plan
caravel_gateway: SELECT on refund
caravel_gateway: SELECT on relay_domain
caravel_gateway: SELECT on relay_sample
caravel_gateway: SELECT on relay_usage
caravel_gateway: SELECT on service_key
caravel_gateway: SELECT on tenant_billing
caravel_gateway: SELECT on tenant_event
caravel_provisioner: DELETE, INSERT, SELECT on call_reply
caravel_provisioner: DELETE, INSERT, SELECT, UPDATE on relay_usage
caravel_provisioner: DELETE, SELECT on transfer_ticket
caravel_provisioner: INSERT, SELECT on activity
caravel_provisioner: INSERT, SELECT on message
caravel_provisioner: INSERT, SELECT, UPDATE on relay_domain
caravel_provisioner: INSERT, SELECT, UPDATE on relay_move
caravel_provisioner: INSERT, SELECT, UPDATE on relay_sample
caravel_provisioner: INSERT, SELECT, UPDATE on relay_sync
caravel_provisioner: SELECT on plan
caravel_provisioner: SELECT on relay
caravel_provisioner: SELECT on tenant
caravel_provisioner: SELECT, UPDATE on tenant_history
caravel_robot: DELETE, INSERT, SELECT on call_reply
caravel_robot: DELETE, INSERT, SELECT on inbound_message
caravel_robot: INSERT, SELECT on message
caravel_robot: INSERT, SELECT, UPDATE on message_delivery
caravel_robot: SELECT on invoice
caravel_robot: SELECT on invoice_item
caravel_robot: SELECT on offer
caravel_robot: SELECT on plan
caravel_robot: SELECT on relay
caravel_robot: SELECT on tenant

-- column grants
caravel_billing: SELECT on relay_sync (first_synced_at, relay_id)
caravel_billing: UPDATE on activity (billed_at)
caravel_billing: UPDATE on left_customer (next_try_at)
caravel_billing: UPDATE on relay (generation, next_sync_at, status)
caravel_billing: UPDATE on tenant_wallet (noticed_at, seal_pubkey, sealed_url)
caravel_gateway: SELECT on relay_sync (failures, first_synced_at, last_synced_at, relay_id, sync_error)
caravel_gateway: UPDATE on relay (blossom_enabled, custom_domain, custom_domain_verified, deleted_at, generation, groups_enabled, idle_check_at, info_description, info_icon, info_name, livekit_enabled, management_enabled, members_can_invite, next_sync_at, plan_id, policy_public_join, policy_public_read, policy_public_write, policy_strip_signatures, push_enabled, status, subdomain, zooid_domain)
caravel_provisioner: UPDATE on relay (applied_generation, custom_domain_verified, generation, info_description, info_icon, info_name, next_sync_at, removed_at)
caravel_robot: SELECT on relay_sync (first_synced_at, relay_id, sync_error)
caravel_robot: SELECT on tenant_billing (anchor, nwc_error, nwc_error_at, period_end, period_start, stripe_error, stripe_payment_method_id, tenant_pubkey)
caravel_robot: SELECT on tenant_wallet (seal_pubkey, tenant_pubkey, updated_at)
caravel_robot: UPDATE on message (cancelled_at, error, joined_into, next_try_at, sent_at, text, tries, undeliverable_at)
