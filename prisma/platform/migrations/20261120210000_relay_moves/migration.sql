-- AlterTable
ALTER TABLE "relay_sync" ADD COLUMN     "moving" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "relay_move" (
    "id" TEXT NOT NULL,
    "relay_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'planned',
    "events" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT NOT NULL DEFAULT '',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "generation" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_until" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "relay_move_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "relay_move_relay_id_idx" ON "relay_move"("relay_id");

-- AddForeignKey
ALTER TABLE "relay_move" ADD CONSTRAINT "relay_move_relay_id_fkey" FOREIGN KEY ("relay_id") REFERENCES "relay"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- One move of a relay at a time.
CREATE UNIQUE INDEX "relay_move_running" ON "relay_move" ("relay_id") WHERE "finished_at" IS NULL;
-- What is due, and what is on its way to an instance.
CREATE INDEX "relay_move_due" ON "relay_move" ("next_try_at") WHERE "finished_at" IS NULL;
CREATE INDEX "relay_move_target" ON "relay_move" ("target") WHERE "finished_at" IS NULL;
ALTER TABLE "relay_move" ADD CONSTRAINT "relay_move_state" CHECK (
    "state" IN ('planned', 'closing', 'copying', 'verifying', 'switched', 'undoing', 'done', 'undone')
    AND ("state" IN ('done', 'undone')) = ("finished_at" IS NOT NULL) AND "source" <> "target");
