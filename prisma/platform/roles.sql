-- One role per service, with exactly what its service writes. Run after every migration, by a role with CREATEROLE that
-- owns the tables; safe to repeat. Passwords are set by tools/migrate.mjs from *_DB_PASSWORD, never here.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['caravel_gateway', 'caravel_billing', 'caravel_provisioner', 'caravel_robot'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I LOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- another migration of the same cluster was faster
            END;
        END IF;
        -- All timestamps of a session are UTC; a paused or lost client frees its locks.
        EXECUTE format('ALTER ROLE %I SET timezone = ''UTC''', name);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''30s''', name);
    END LOOP;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM caravel_gateway, caravel_billing, caravel_provisioner, caravel_robot;
GRANT USAGE ON SCHEMA public TO caravel_gateway, caravel_billing, caravel_provisioner, caravel_robot;

-- Every service: answers of calls on their way, rows of messages to send.
GRANT SELECT, INSERT, DELETE ON call_reply TO caravel_gateway, caravel_billing, caravel_provisioner, caravel_robot;
GRANT SELECT, INSERT ON message TO caravel_gateway, caravel_billing, caravel_provisioner, caravel_robot;

-- api-gateway
GRANT SELECT, INSERT, UPDATE ON tenant_history, tenant, tenant_wallet TO caravel_gateway;
GRANT SELECT, INSERT ON relay TO caravel_gateway;
GRANT UPDATE (subdomain, zooid_domain, plan_id, status, custom_domain, custom_domain_verified, info_name, info_icon,
    info_description, policy_public_read, policy_public_write, policy_public_join, policy_strip_signatures, groups_enabled,
    management_enabled, members_can_invite, blossom_enabled, livekit_enabled, push_enabled, generation, next_sync_at,
    deleted_at, idle_check_at) ON relay TO caravel_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON relay_idle TO caravel_gateway;
GRANT SELECT, INSERT ON activity TO caravel_gateway;
GRANT SELECT, INSERT, UPDATE, DELETE ON subdomain_hold, idempotency, rate_count TO caravel_gateway;
GRANT SELECT, INSERT, DELETE ON used_http_auth TO caravel_gateway;
GRANT INSERT ON transfer_ticket TO caravel_gateway;
GRANT SELECT ON relay_domain TO caravel_gateway;
GRANT SELECT ON plan, tenant_billing, invoice, invoice_item, offer, collection_attempt, ledger_entry, refund, message_delivery,
    service_key, tenant_event, relay_sample, relay_usage TO caravel_gateway;
-- The relay's sealed secret and the config that was sent stay with the provisioner.
GRANT SELECT (relay_id, sync_error, failures, first_synced_at, last_synced_at) ON relay_sync TO caravel_gateway;

-- billing-service
GRANT SELECT, UPDATE ON tenant_history TO caravel_billing;
GRANT SELECT ON tenant, tenant_wallet, relay, plan, message_delivery TO caravel_billing;
-- Re-sealing when the key is rotated, and that a new wallet was seen.
GRANT UPDATE (sealed_url, seal_pubkey, noticed_at) ON tenant_wallet TO caravel_billing;
GRANT SELECT (relay_id, first_synced_at) ON relay_sync TO caravel_billing;
GRANT UPDATE (status, generation, next_sync_at) ON relay TO caravel_billing;
GRANT SELECT, INSERT ON activity TO caravel_billing;
GRANT UPDATE (billed_at) ON activity TO caravel_billing;
GRANT SELECT, INSERT, UPDATE ON tenant_billing, relay_billing, invoice, invoice_item, offer, collection_attempt, refund,
    invoice_counter, service_key TO caravel_billing;
GRANT SELECT, INSERT ON ledger_entry TO caravel_billing;
GRANT USAGE ON SEQUENCE ledger_entry_id_seq TO caravel_billing;
GRANT SELECT, DELETE ON left_customer TO caravel_billing;
GRANT UPDATE (next_try_at) ON left_customer TO caravel_billing;

-- relay-provisioner
GRANT SELECT, UPDATE ON tenant_history TO caravel_provisioner;
GRANT SELECT ON tenant, plan, relay TO caravel_provisioner;
GRANT UPDATE (info_name, info_icon, info_description, generation, applied_generation, next_sync_at, removed_at) ON relay
    TO caravel_provisioner;
GRANT SELECT, INSERT, UPDATE ON relay_sync, relay_move TO caravel_provisioner;
GRANT SELECT, INSERT, UPDATE ON relay_sample TO caravel_provisioner;
GRANT SELECT, INSERT, UPDATE, DELETE ON relay_usage TO caravel_provisioner;
GRANT SELECT, INSERT ON activity TO caravel_provisioner;
GRANT SELECT, DELETE ON transfer_ticket TO caravel_provisioner;
-- Whether DNS says that a domain is the relay's.
GRANT UPDATE (custom_domain_verified) ON relay TO caravel_provisioner;
GRANT SELECT, INSERT, UPDATE ON relay_domain TO caravel_provisioner;

-- robot-dm
GRANT SELECT ON tenant, relay, invoice, message_delivery TO caravel_robot;
GRANT UPDATE (next_try_at, tries, sent_at, undeliverable_at, cancelled_at, error, text, joined_into) ON message TO caravel_robot;
GRANT INSERT, UPDATE ON message_delivery TO caravel_robot;
-- What it tells a tenant who asks: as the gateway shows it, and never the wallet's box.
GRANT SELECT ON plan, invoice_item, offer TO caravel_robot;
GRANT SELECT (tenant_pubkey, anchor, period_start, period_end, nwc_error, nwc_error_at, stripe_payment_method_id, stripe_error)
    ON tenant_billing TO caravel_robot;
GRANT SELECT (tenant_pubkey, seal_pubkey, updated_at) ON tenant_wallet TO caravel_robot;
GRANT SELECT (relay_id, sync_error, first_synced_at) ON relay_sync TO caravel_robot;
GRANT SELECT, INSERT, DELETE ON inbound_message TO caravel_robot;
