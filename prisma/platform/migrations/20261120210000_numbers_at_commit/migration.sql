-- Invoices get their numbers while their transaction commits: nothing of it can follow, so nobody waits for the year's counter
-- while it does something else. Whoever cuts an invoice, in however many statements, has nothing to do for it.

-- Notes which invoices this transaction has cut, for its commit. A savepoint that is rolled back takes its notes with it.
CREATE FUNCTION "invoice_cut"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    "before" text := nullif(current_setting('caravel.cut', true), '');
BEGIN
    PERFORM set_config('caravel.cut', (coalesce("before", '{}')::text[] || array_agg("id"))::text, true)
    FROM "added" WHERE "number" IS NULL HAVING count(*) > 0;
    RETURN NULL;
END $$;

-- One update of each year's counter for all of them, in the order they were cut. The year is the one they were written in: a
-- recut that inherits an older issue date does not make a series grow after its end.
CREATE FUNCTION "number_invoices"() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
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
END $$;

CREATE TRIGGER "invoice_cut" AFTER INSERT ON "invoice"
    REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "invoice_cut"();
CREATE CONSTRAINT TRIGGER "invoice_numbered" AFTER INSERT ON "invoice" DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW."number" IS NULL) EXECUTE FUNCTION "number_invoices"();
