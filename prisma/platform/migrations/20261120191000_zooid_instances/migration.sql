-- AlterTable
ALTER TABLE "relay_sync" ADD COLUMN     "instance" TEXT;

-- CreateIndex
CREATE INDEX "relay_sync_instance_idx" ON "relay_sync"("instance");

-- Relays that zooid has been told about are on the one instance there was.
UPDATE "relay_sync" SET "instance" = 'main' WHERE "sealed_secret" IS NOT NULL;
