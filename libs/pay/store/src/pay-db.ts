/** What a parameter may be: amounts and times are bound as they are, a list only where the server is PostgreSQL. */
export type PayValue = string | number | bigint | Uint8Array | null | readonly string[];

/** A row by column name. Amounts come as text in digits, times in milliseconds as numbers, bytes as Uint8Array. */
export type PayRow = Record<string, unknown>;

/** Statements with `$1`, `$2`, … in what SQLite and PostgreSQL have in common. */
export interface PayTx {
  query: (sql: string, params?: readonly PayValue[]) => Promise<PayRow[]>;
}

/**
 * The store of a node. A statement or a transaction either happened when its promise resolves, and survives the machine's
 * death, or a PayError `store_unavailable` says that it can't be had; a commit whose answer was lost may still have happened.
 */
export interface PayDb extends PayTx {
  dialect: 'sqlite' | 'postgres';
  /** One at a time on SQLite, over all processes; READ COMMITTED on PostgreSQL. Never call a provider inside. */
  transaction: <T>(work: (tx: PayTx) => Promise<T>) => Promise<T>;
  close: () => Promise<void>;
}
