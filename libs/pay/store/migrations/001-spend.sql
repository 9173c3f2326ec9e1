-- What was spent, in buckets ('wallet/w_1/sats', 'network/ln/sats', 'all/usd', 'key/agent/network/ln/sats', …). A rule watches one.
--   held:  everything not finished (reserved, dispatched, unknown); counts always, whatever the window
--   total: everything that ever left; events carry the running total, so that any window is one look at an index

CREATE TABLE spend_rules (
  rule_id text PRIMARY KEY,
  bucket text NOT NULL,
  window_ms bigint NOT NULL CHECK (window_ms > 0),
  max_spend {{amount}} NOT NULL,
  -- The rule as it was asked for, JSON; of config.toml or added by command.
  said text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('command', 'config', 'key')),
  created_at_ms bigint NOT NULL
);
CREATE INDEX spend_rules_bucket ON spend_rules (bucket);

CREATE TABLE spend_buckets (
  bucket text PRIMARY KEY,
  held {{amount}} NOT NULL,
  total {{amount}} NOT NULL,
  -- Inside the lock time never runs backwards.
  last_at_ms bigint NOT NULL
);

CREATE TABLE spend_reservations (
  op_id text PRIMARY KEY,
  request_hash text NOT NULL,
  state text NOT NULL CHECK (state IN ('reserved', 'dispatched', 'unknown', 'sent', 'not_sent')),
  created_at_ms bigint NOT NULL,
  finished_at_ms bigint
);
CREATE INDEX spend_reservations_open ON spend_reservations (state) WHERE state IN ('reserved', 'dispatched', 'unknown');

CREATE TABLE spend_holds (
  op_id text NOT NULL REFERENCES spend_reservations (op_id),
  bucket text NOT NULL,
  amount {{amount}} NOT NULL,
  PRIMARY KEY (op_id, bucket)
);

CREATE TABLE spend_events (
  bucket text NOT NULL,
  at_ms bigint NOT NULL,
  -- Orders what happened in one millisecond.
  event_seq bigint NOT NULL,
  op_id text NOT NULL,
  amount {{amount}} NOT NULL,
  total_after {{amount}} NOT NULL,
  PRIMARY KEY (bucket, at_ms, event_seq)
);
CREATE INDEX spend_events_op ON spend_events (op_id);
