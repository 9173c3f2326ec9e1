-- CreateTable
CREATE TABLE "inbound_message" (
    "rumor_id" TEXT NOT NULL,
    "wrap_id" TEXT NOT NULL,
    "sender_pubkey" TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbound_message_pkey" PRIMARY KEY ("rumor_id")
);

-- CreateIndex
CREATE INDEX "inbound_message_sender_pubkey_received_at_idx" ON "inbound_message"("sender_pubkey", "received_at");

-- CreateIndex
CREATE INDEX "inbound_message_received_at_idx" ON "inbound_message"("received_at");

ALTER TABLE "inbound_message" ADD CONSTRAINT "inbound_message_command"
    CHECK ("command" IN ('status', 'invoice', 'help', 'unknown'));
