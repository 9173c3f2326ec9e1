-- AlterTable
ALTER TABLE "message" ADD COLUMN     "joined_into" TEXT;

ALTER TABLE "message" ADD CONSTRAINT "message_joins_another" CHECK ("joined_into" <> "id");
CREATE INDEX "message_joined" ON "message" ("joined_into") WHERE "joined_into" IS NOT NULL;

-- Facts that are told in another message's words end as that one does, and by the same relays. When it is cancelled they are on
-- their own again.
CREATE FUNCTION "message_joined_ended"() RETURNS trigger LANGUAGE plpgsql AS $$
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
END $$;
CREATE TRIGGER "message_joined_ended" AFTER UPDATE OF "sent_at", "undeliverable_at", "cancelled_at" ON "message" FOR EACH ROW
    WHEN ((NEW."sent_at", NEW."undeliverable_at", NEW."cancelled_at")
        IS DISTINCT FROM (OLD."sent_at", OLD."undeliverable_at", OLD."cancelled_at"))
    EXECUTE FUNCTION "message_joined_ended"();
