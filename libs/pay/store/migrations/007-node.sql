-- What a node keeps for itself.

-- 16 random bytes, made with the store, for good: part of every key of RPC envelope v2.
CREATE TABLE node_identity (
  name text PRIMARY KEY CHECK (name = 'node'),
  node_id {{bytes}} NOT NULL,
  created_at_ms bigint NOT NULL
);

-- Rules that were told of at 50, 80 or 100 percent. A row goes when what is spent is 5 below its percentage again.
CREATE TABLE limit_alerts (
  rule_id text NOT NULL,
  percent bigint NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY (rule_id, percent)
);

-- Told to webhooks until they say they heard, 8 times at most. `webhook` names one in config.toml.
CREATE TABLE webhook_deliveries (
  delivery_id text PRIMARY KEY,
  webhook text NOT NULL,
  body text NOT NULL,
  created_at_ms bigint NOT NULL,
  attempts bigint NOT NULL,
  -- Null: delivered, or given up.
  next_at_ms bigint,
  delivered_at_ms bigint
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at_ms) WHERE next_at_ms IS NOT NULL;
