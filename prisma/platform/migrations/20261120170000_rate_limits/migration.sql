-- CreateTable: unlogged, because what it counts is over in a minute.
CREATE UNLOGGED TABLE "rate_count" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "resets_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rate_count_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "rate_count_resets_at_idx" ON "rate_count"("resets_at");
