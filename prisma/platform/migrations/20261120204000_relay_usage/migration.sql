-- AlterTable
ALTER TABLE "relay" ADD COLUMN     "idle_check_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '1970-01-01 00:00:00+00';

-- AlterTable
ALTER TABLE "relay_sync" ADD COLUMN     "next_usage_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '1970-01-01 00:00:00+00';

-- CreateTable
CREATE TABLE "relay_sample" (
    "relay_id" TEXT NOT NULL,
    "sampled_at" TIMESTAMPTZ(3) NOT NULL,
    "events" BIGINT,
    "members" BIGINT,
    "bytes" BIGINT,
    "newest_event" TEXT,
    "members_hash" TEXT,
    "over_limit_since" TIMESTAMPTZ(3),

    CONSTRAINT "relay_sample_pkey" PRIMARY KEY ("relay_id")
);

-- CreateTable
CREATE TABLE "relay_usage" (
    "relay_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "events" BIGINT,
    "members" BIGINT,
    "bytes" BIGINT,
    "active" BOOLEAN,
    "sampled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "relay_usage_pkey" PRIMARY KEY ("relay_id","day")
);

-- CreateTable
CREATE TABLE "relay_idle" (
    "relay_id" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "announced_at" TIMESTAMPTZ(3) NOT NULL,
    "stop_at" TIMESTAMPTZ(3) NOT NULL,
    "stopped_at" TIMESTAMPTZ(3),
    "delete_at" TIMESTAMPTZ(3),

    CONSTRAINT "relay_idle_pkey" PRIMARY KEY ("relay_id")
);

-- CreateIndex
CREATE INDEX "relay_usage_day_idx" ON "relay_usage" USING BRIN ("day");


-- Relays whose turn has come, so that a sweep reads nothing else.
CREATE INDEX "relay_sync_usage_due" ON "relay_sync" ("next_usage_at") WHERE "first_synced_at" IS NOT NULL;
CREATE INDEX "relay_idle_due" ON "relay" ("idle_check_at") WHERE "deleted_at" IS NULL;
ALTER TABLE "relay_sample" ADD CONSTRAINT "relay_sample_counts" CHECK ("events" >= 0 AND "members" >= 0 AND "bytes" >= 0);
ALTER TABLE "relay_usage" ADD CONSTRAINT "relay_usage_counts" CHECK ("events" >= 0 AND "members" >= 0 AND "bytes" >= 0);
-- Nobody is stopped who was not told so before, and nothing deleted that was not stopped before.
ALTER TABLE "relay_idle" ADD CONSTRAINT "relay_idle_order" CHECK ("since" <= "announced_at" AND "announced_at" < "stop_at"
    AND ("stopped_at" IS NULL) = ("delete_at" IS NULL) AND "stop_at" <= "stopped_at" AND "stopped_at" < "delete_at");
