-- Unlogged: a ticket is good for seconds, and after a crash the caller asks again.
CREATE UNLOGGED TABLE "transfer_ticket" (
    "id" TEXT NOT NULL,
    "relay_id" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transfer_ticket_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "transfer_ticket_direction" CHECK ("direction" IN ('export', 'import'))
);

-- CreateIndex
CREATE INDEX "transfer_ticket_expires_at_idx" ON "transfer_ticket"("expires_at");

-- What DNS said of a relay's own domain when the provisioner last looked.
CREATE TABLE "relay_domain" (
    "relay_id" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "problem" TEXT NOT NULL DEFAULT '',
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "next_check_at" TIMESTAMPTZ(3) NOT NULL,
    "asked_since" TIMESTAMPTZ(3) NOT NULL,
    "failing_since" TIMESTAMPTZ(3),

    CONSTRAINT "relay_domain_pkey" PRIMARY KEY ("relay_id")
);

-- AddForeignKey
ALTER TABLE "relay_domain" ADD CONSTRAINT "relay_domain_relay_id_fkey" FOREIGN KEY ("relay_id") REFERENCES "relay"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

CREATE INDEX "relay_custom_domain" ON "relay" ("custom_domain") WHERE "custom_domain" <> '';
ALTER TABLE "relay" ADD CONSTRAINT "relay_domain_verified" CHECK (NOT "custom_domain_verified" OR "custom_domain" <> '');
