-- CreateTable
CREATE TABLE "tenant_event" (
    "tenant_pubkey" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,

    CONSTRAINT "tenant_event_pkey" PRIMARY KEY ("tenant_pubkey","seq")
);


ALTER TABLE "tenant_event" ADD CONSTRAINT "tenant_event_kind" CHECK ("kind" IN ('activity', 'invoice', 'message'));
ALTER TABLE "tenant_event" ADD CONSTRAINT "tenant_event_seq" CHECK ("seq" > 0);

-- What was there before, in the order it was written.
INSERT INTO "tenant_event" ("tenant_pubkey", "seq", "kind", "subject_id")
SELECT "tenant_pubkey", row_number() OVER (PARTITION BY "tenant_pubkey" ORDER BY "at", "rank", "seq", "id"), "kind", "id" FROM (
    SELECT "tenant_pubkey", "at", 1 AS "rank", "seq", 'activity' AS "kind", "id" FROM "activity"
    UNION ALL SELECT "tenant_pubkey", "created_at", 2, 0, 'invoice', "id" FROM "invoice"
    UNION ALL SELECT "tenant_pubkey", "created_at", 3, 0, 'message', "id" FROM "message"
) AS "fact" WHERE EXISTS (SELECT FROM "tenant_history" WHERE "pubkey" = "fact"."tenant_pubkey");

-- A number is given under the tenant's row lock, which is kept until the transaction ends: who sees one sees all before it,
-- so a reader that goes on after the last it saw misses nothing, in whatever order transactions end. The writers hold that
-- lock already; the robot, which writes one message in a statement of its own, takes it here. The owner of the tables does
-- this (SECURITY DEFINER), so nobody else may write events. The lock comes first and is a statement of its own: the next one
-- then sees what was written before it was ours.
CREATE FUNCTION "tenant_activity_added"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM "tenant_history" WHERE "pubkey" IN (SELECT "tenant_pubkey" FROM "added") ORDER BY "pubkey" FOR UPDATE;
    INSERT INTO "tenant_event" ("tenant_pubkey", "seq", "kind", "subject_id")
    SELECT "tenant_pubkey", coalesce((SELECT max("last"."seq") FROM "tenant_event" AS "last" WHERE "last"."tenant_pubkey" = "added"."tenant_pubkey"), 0)
        + row_number() OVER (PARTITION BY "tenant_pubkey" ORDER BY "seq"), 'activity', "id"
    FROM "added" WHERE EXISTS (SELECT FROM "tenant_history" WHERE "pubkey" = "tenant_pubkey");
    PERFORM pg_notify('tenant_event', "tenant_pubkey") FROM (SELECT DISTINCT "tenant_pubkey" FROM "added") AS "told";
    RETURN NULL;
END $$;

CREATE FUNCTION "tenant_row_added"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM "tenant_history" WHERE "pubkey" IN (SELECT "tenant_pubkey" FROM "added") ORDER BY "pubkey" FOR UPDATE;
    INSERT INTO "tenant_event" ("tenant_pubkey", "seq", "kind", "subject_id")
    SELECT "tenant_pubkey", coalesce((SELECT max("last"."seq") FROM "tenant_event" AS "last" WHERE "last"."tenant_pubkey" = "added"."tenant_pubkey"), 0)
        + row_number() OVER (PARTITION BY "tenant_pubkey" ORDER BY "id"), TG_TABLE_NAME, "id"
    FROM "added" WHERE EXISTS (SELECT FROM "tenant_history" WHERE "pubkey" = "tenant_pubkey");
    PERFORM pg_notify('tenant_event', "tenant_pubkey") FROM (SELECT DISTINCT "tenant_pubkey" FROM "added") AS "told";
    RETURN NULL;
END $$;

CREATE FUNCTION "tenant_row_ended"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM "tenant_history" WHERE "pubkey" = NEW."tenant_pubkey" FOR UPDATE;
    IF FOUND THEN
        INSERT INTO "tenant_event" ("tenant_pubkey", "seq", "kind", "subject_id")
        SELECT NEW."tenant_pubkey", coalesce(max("seq"), 0) + 1, TG_TABLE_NAME, NEW."id"
        FROM "tenant_event" WHERE "tenant_pubkey" = NEW."tenant_pubkey";
        PERFORM pg_notify('tenant_event', NEW."tenant_pubkey");
    END IF;
    RETURN NULL;
END $$;

-- Rows that are written many at a time are numbered by one statement.
CREATE TRIGGER "activity_event" AFTER INSERT ON "activity"
    REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "tenant_activity_added"();
CREATE TRIGGER "invoice_event" AFTER INSERT ON "invoice"
    REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "tenant_row_added"();
CREATE TRIGGER "message_event" AFTER INSERT ON "message"
    REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "tenant_row_added"();
CREATE TRIGGER "invoice_ended_event" AFTER UPDATE OF "paid_at", "voided_at" ON "invoice" FOR EACH ROW
    WHEN ((NEW."paid_at", NEW."voided_at") IS DISTINCT FROM (OLD."paid_at", OLD."voided_at"))
    EXECUTE FUNCTION "tenant_row_ended"();
CREATE TRIGGER "message_ended_event" AFTER UPDATE OF "sent_at", "undeliverable_at", "cancelled_at" ON "message" FOR EACH ROW
    WHEN ((NEW."sent_at", NEW."undeliverable_at", NEW."cancelled_at")
        IS DISTINCT FROM (OLD."sent_at", OLD."undeliverable_at", OLD."cancelled_at"))
    EXECUTE FUNCTION "tenant_row_ended"();
