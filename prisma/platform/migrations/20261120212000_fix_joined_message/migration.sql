-- Fixes the words of a claimed message, and that they tell "others", too; see message-joins.ts. In one call, because every message
-- goes through it. The lock comes first and is a statement of its own: what comes after sees what was written before it was ours.
-- Answers `text` with the words to send, `later` with the time, `interrupted` when the claim has run out or another message has
-- taken this one in, `changed` when one of the others is not to be had any more.
CREATE FUNCTION "fix_joined_message"(
    "own" text, "claim" timestamptz, "others" text[], "words" text, "at" timestamptz, "quiet" interval,
    OUT "kind" text, OUT "said" text, OUT "until" timestamptz
) LANGUAGE plpgsql AS $$
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
END $$;
