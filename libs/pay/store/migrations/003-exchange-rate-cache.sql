-- The newest price of each pair ('BTC/USD'), for all processes of a node. `price`: dollars of one, a decimal number in digits.
CREATE TABLE exchange_rate_cache (
  pair text PRIMARY KEY,
  source text NOT NULL,
  price text NOT NULL,
  fetched_at_ms bigint NOT NULL
);
