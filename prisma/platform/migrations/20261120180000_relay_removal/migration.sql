-- AlterTable
ALTER TABLE "relay" ADD COLUMN     "removed_at" TIMESTAMPTZ(3);


-- Deleted relays that zooid still has.
CREATE INDEX "relay_removal" ON "relay" ("deleted_at") WHERE "deleted_at" IS NOT NULL AND "removed_at" IS NULL;
ALTER TABLE "relay" ADD CONSTRAINT "relay_removed" CHECK ("removed_at" IS NULL OR "deleted_at" IS NOT NULL);
