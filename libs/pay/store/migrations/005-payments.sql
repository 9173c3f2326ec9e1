-- What was asked for, once for each key and id; payments on their way; approvals. Sealed columns (see sealer.ts) hold everything
-- that could be money or a secret: Inputs, artefacts, answers.

CREATE TABLE pay_requests (
  key_name text NOT NULL,
  request_id text NOT NULL,
  -- Of an id that was closed before its request arrived: empty.
  request_hash text NOT NULL,
  code text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'closed')),
  attempt bigint NOT NULL,
  -- Done, and a repeat does it again: nothing had happened.
  again bigint NOT NULL,
  lease_until_ms bigint NOT NULL,
  input {{bytes}},
  answer {{bytes}},
  created_at_ms bigint NOT NULL,
  updated_at_ms bigint NOT NULL,
  PRIMARY KEY (key_name, request_id)
);
CREATE INDEX pay_requests_by_id ON pay_requests (request_id);
CREATE INDEX pay_requests_by_age ON pay_requests (updated_at_ms);

-- Envelope v1 has no time window: what came once is never taken again, for as long as its secret is accepted.
CREATE TABLE rpc_v1_nonces (
  key_name text NOT NULL,
  nonce {{bytes}} NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY (key_name, nonce)
);

-- One row for each attempt; how far it is says spend_reservations under the same op_id.
CREATE TABLE pay_payments (
  op_id text PRIMARY KEY,
  key_name text NOT NULL,
  request_id text NOT NULL,
  attempt bigint NOT NULL,
  request_hash text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('send', 'cashu_send')),
  wallet text NOT NULL,
  network text NOT NULL,
  -- JSON: what was reserved per asset, with the price it counts at. No amount is secret.
  debits text NOT NULL,
  -- 0: another node counts it.
  counted bigint NOT NULL,
  -- 1: something in debits has no price.
  unpriced bigint NOT NULL,
  -- Names the payment on its network; none once it is proven that nothing left.
  payment_key text,
  details {{bytes}},
  artefact {{bytes}},
  -- Written before the budget is settled, so that a crash in between loses neither a token nor a proof.
  ended text CHECK (ended IN ('sent', 'not_sent')),
  outcome {{bytes}},
  lease_until_ms bigint NOT NULL,
  next_check_at_ms bigint NOT NULL,
  checks bigint NOT NULL,
  first_unknown_at_ms bigint,
  alerted bigint NOT NULL,
  resolved_by text,
  resolve_reason text,
  created_at_ms bigint NOT NULL,
  finished_at_ms bigint
);
CREATE UNIQUE INDEX pay_payments_payment_key ON pay_payments (payment_key) WHERE payment_key IS NOT NULL;
CREATE INDEX pay_payments_request ON pay_payments (key_name, request_id, attempt);
CREATE INDEX pay_payments_open ON pay_payments (next_check_at_ms) WHERE finished_at_ms IS NULL;
CREATE INDEX pay_payments_unpriced ON pay_payments (finished_at_ms) WHERE unpriced = 1;

CREATE TABLE pay_approvals (
  key_name text NOT NULL,
  request_id text NOT NULL,
  request_hash text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'used')),
  -- JSON: the amount and the fee bound that were asked for; what is approved is these and no more.
  asked text NOT NULL,
  rule_id text NOT NULL,
  requested_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL,
  decided_by text,
  decided_at_ms bigint,
  -- 1 to 20 while it is open: a key never has more of them, however many ask at once.
  slot bigint CHECK (slot BETWEEN 1 AND 20),
  PRIMARY KEY (key_name, request_id)
);
CREATE UNIQUE INDEX pay_approvals_slot ON pay_approvals (key_name, slot) WHERE slot IS NOT NULL;
CREATE INDEX pay_approvals_by_id ON pay_approvals (request_id);
