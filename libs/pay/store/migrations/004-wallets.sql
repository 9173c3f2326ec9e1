-- Wallets, and what is known of their transactions.

CREATE TABLE pay_wallets (
  wallet_id text PRIMARY KEY,
  network text NOT NULL,
  label text,
  backend text,
  address text NOT NULL,
  -- JSON, sealed for this row: an address may hold a password. Null: it was closed.
  settings {{bytes}},
  -- Seeds and credentials by name, JSON, sealed for this row. Null: another node keeps the wallet, or it was closed.
  secrets {{bytes}},
  -- The request that made it: a repeat finds it here, also when its answer was lost.
  made_by_key text NOT NULL,
  made_by_id text NOT NULL,
  created_at_ms bigint NOT NULL,
  -- The request that last changed its label or settings: the label it was meant by may be gone since.
  changed_by_key text,
  changed_by_id text,
  -- A closed wallet is forgotten but for this.
  closed_at_ms bigint,
  closed_by_key text,
  closed_by_id text,
  UNIQUE (made_by_key, made_by_id)
);
CREATE INDEX pay_wallets_network ON pay_wallets (network, created_at_ms);
CREATE INDEX pay_wallets_label ON pay_wallets (label);

CREATE TABLE pay_transactions (
  wallet_id text NOT NULL,
  -- As its network names it.
  transaction_id text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('send', 'receive')),
  network text NOT NULL,
  amount {{amount}} NOT NULL,
  token text NOT NULL,
  fee {{amount}},
  fee_token text,
  status text NOT NULL CHECK (status IN ('pending', 'confirmed', 'failed')),
  onchain_memo text,
  -- JSON, text by text.
  local_memo text,
  remote_addr text,
  -- Lightning's proof of payment, sealed for this row.
  preimage {{bytes}},
  -- JSON, a list.
  reference_keys text,
  created_at_ms bigint NOT NULL,
  confirmed_at_ms bigint,
  PRIMARY KEY (wallet_id, transaction_id, direction)
);
CREATE INDEX pay_transactions_newest ON pay_transactions (created_at_ms, transaction_id);
CREATE INDEX pay_transactions_wallet ON pay_transactions (wallet_id, created_at_ms);
CREATE INDEX pay_transactions_id ON pay_transactions (transaction_id);
