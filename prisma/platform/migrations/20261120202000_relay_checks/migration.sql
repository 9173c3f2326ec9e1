-- AlterTable
ALTER TABLE "relay_sync" ADD COLUMN     "check_at" TIMESTAMPTZ(3);

-- Synced relays are checked about once a day. An index scan over those whose time has come.
CREATE INDEX "relay_check" ON "relay_sync" ("check_at") WHERE "check_at" IS NOT NULL;

-- Those that are synced already, spread over a day.
UPDATE "relay_sync" SET "check_at" = now() + random() * interval '1 day' WHERE "first_synced_at" IS NOT NULL;
