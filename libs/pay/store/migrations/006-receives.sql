-- What somebody was asked to pay, and waits for it. Whoever has the lease of a row looks; nobody holds a lock while nobody looks.
CREATE TABLE pay_receives (
  key_name text NOT NULL,
  request_id text NOT NULL,
  wallet_id text NOT NULL,
  network text NOT NULL,
  -- JSON: the invoice or address that was answered.
  info text NOT NULL,
  -- JSON: what counts as paid.
  criteria text NOT NULL,
  quote_id text,
  -- Nothing older satisfies it.
  since_ms bigint NOT NULL,
  -- open: nobody waits.
  state text NOT NULL CHECK (state IN ('open', 'waiting', 'paid', 'failed', 'timed_out')),
  deadline_ms bigint NOT NULL,
  poll_ms bigint NOT NULL,
  next_look_ms bigint NOT NULL,
  lease_owner text,
  lease_until_ms bigint NOT NULL,
  transaction_id text,
  confirmations bigint,
  failure text,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (key_name, request_id)
);
-- One record satisfies one wait.
CREATE UNIQUE INDEX pay_receives_record ON pay_receives (wallet_id, transaction_id) WHERE transaction_id IS NOT NULL;
CREATE INDEX pay_receives_due ON pay_receives (next_look_ms) WHERE state = 'waiting';
CREATE INDEX pay_receives_quote ON pay_receives (wallet_id, quote_id);
CREATE INDEX pay_receives_request ON pay_receives (request_id);

-- Limits that were removed, by which request: a repeat, whose first answer was lost, is told so.
CREATE TABLE pay_removed_limits (
  rule_id text NOT NULL,
  key_name text NOT NULL,
  request_id text NOT NULL,
  PRIMARY KEY (key_name, request_id)
);
