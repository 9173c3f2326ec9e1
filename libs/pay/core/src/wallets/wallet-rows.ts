import { networkSchema, parseJson, stringifyJson } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import type { ProviderWallet, RequestKey } from '@caravel/pay-provider';
import type { PayDb, PayRow, PayTx, Sealer } from '@caravel/pay-store';

/** A wallet as it is stored; its secrets stay sealed until a provider is called. */
export interface WalletRow {
  id: string;
  network: Network;
  label?: string | undefined;
  backend?: string | undefined;
  address: string;
  /** Empty once it is closed. */
  settings: Readonly<Record<string, unknown>>;
  sealedSecrets?: Uint8Array | undefined;
  createdAtMs: number;
}

export interface NewWalletRow extends Omit<WalletRow, 'sealedSecrets'> {
  /** Undefined: another node keeps them. */
  secrets?: Readonly<Record<string, string>> | undefined;
  request: RequestKey;
}

type WalletChange = (row: WalletRow) => Pick<WalletRow, 'label' | 'settings'>;

/** The wallets of this node. Closed ones are found by the request that closed them, and in no other way. */
export type WalletRows = ReturnType<typeof walletRows>;

export function walletRows(db: PayDb, sealer: Sealer) {
  const seal = (column: Column, id: string, value: unknown) => sealer.seal(stringifyJson(value), placeOf(column, id));
  const open = (column: Column, id: string, sealed: unknown): Record<string, unknown> =>
    sealed instanceof Uint8Array ? toRecord(parseJson(sealer.open(sealed, placeOf(column, id)))) : {};
  const toRow = (row: PayRow): WalletRow => ({
    ...plainRow(row),
    settings: open('settings', String(row.wallet_id), row.settings),
  });
  const find = async (where: string, params: readonly string[]): Promise<WalletRow[]> =>
    (await db.query(`${SELECT} WHERE closed_at_ms IS NULL${where} ORDER BY created_at_ms, wallet_id`, params)).map(
      toRow,
    );

  return {
    byId: async (id: string): Promise<WalletRow | undefined> => (await find(' AND wallet_id = $1', [id]))[0],
    byLabel: (label: string): Promise<WalletRow[]> => find(' AND label = $1', [label]),
    list: (network?: Network): Promise<WalletRow[]> =>
      network === undefined ? find('', []) : find(' AND network = $1', [network]),
    /** Also when it was closed since. */
    madeBy: async ({ keyName, id }: RequestKey): Promise<WalletRow | undefined> => {
      const rows = await db.query(`${SELECT} WHERE made_by_key = $1 AND made_by_id = $2`, [keyName, id]);
      return rows.map(toRow)[0];
    },
    closedBy: async ({ keyName, id }: RequestKey): Promise<string | undefined> => {
      const rows = await db.query(CLOSED_BY, [keyName, id]);
      return rows.map(({ wallet_id }) => String(wallet_id))[0];
    },
    /** False: the id is taken, or the request made a wallet before. */
    insert: async (wallet: NewWalletRow): Promise<boolean> => {
      const { id, network, label, backend, address, settings, secrets, request, createdAtMs } = wallet;
      const rows = await db.query(INSERT, [
        ...[id, network, label ?? null, backend ?? null, address, seal('settings', id, settings)],
        ...[secrets ? seal('secrets', id, secrets) : null, request.keyName, request.id, createdAtMs],
      ]);
      return rows.length > 0;
    },
    /** Whose last change this request was. */
    changedBy: async ({ keyName, id }: RequestKey): Promise<WalletRow | undefined> =>
      (await find(' AND changed_by_key = $1 AND changed_by_id = $2', [keyName, id]))[0],
    /** Label and settings, as `work` makes them of what is stored. */
    change: (id: string, request: RequestKey, work: WalletChange): Promise<void> =>
      db.transaction(async (tx) => {
        const row = await locked(tx, db.dialect, id);
        if (!row) return;
        const { label, settings } = work(toRow(row));
        await tx.query(CHANGE, [id, label ?? null, seal('settings', id, settings), request.keyName, request.id]);
      }),
    close: async (id: string, { keyName, id: requestId }: RequestKey, nowMs: number): Promise<void> => {
      await db.query(CLOSE, [id, nowMs, keyName, requestId]);
    },
    /** Opens its secrets for a provider. */
    forProvider: ({ id, network, backend, settings, sealedSecrets }: WalletRow): ProviderWallet => ({
      id,
      network,
      backend,
      settings,
      secrets: toTexts(open('secrets', id, sealedSecrets)),
    }),
  };
}

async function locked(tx: PayTx, dialect: PayDb['dialect'], id: string): Promise<PayRow | undefined> {
  const lock = dialect === 'postgres' ? ' FOR UPDATE' : '';
  const rows = await tx.query(`${SELECT} WHERE wallet_id = $1 AND closed_at_ms IS NULL${lock}`, [id]);
  return rows[0];
}

function plainRow(row: PayRow): Omit<WalletRow, 'settings'> {
  return {
    id: String(row.wallet_id),
    network: networkSchema.parse(row.network),
    label: textOf(row.label),
    backend: textOf(row.backend),
    address: String(row.address),
    sealedSecrets: row.secrets instanceof Uint8Array ? row.secrets : undefined,
    createdAtMs: Number(row.created_at_ms),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const toRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
const toTexts = (record: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, text]) => [name, String(text)]));

const placeOf = (column: Column, id: string) => ({ table: 'pay_wallets', column, primaryKey: id });
type Column = 'settings' | 'secrets';

const SELECT = `SELECT wallet_id, network, label, backend, address, settings, secrets, created_at_ms FROM pay_wallets`;
const CLOSED_BY = `SELECT wallet_id FROM pay_wallets WHERE closed_by_key = $1 AND closed_by_id = $2`;
const INSERT = `INSERT INTO pay_wallets
  (wallet_id, network, label, backend, address, settings, secrets, made_by_key, made_by_id, created_at_ms)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING wallet_id`;
const CHANGE = `UPDATE pay_wallets SET label = $2, settings = $3, changed_by_key = $4, changed_by_id = $5
  WHERE wallet_id = $1`;
const CLOSE = `UPDATE pay_wallets SET settings = NULL, secrets = NULL, closed_at_ms = $2, closed_by_key = $3, closed_by_id = $4
  WHERE wallet_id = $1 AND closed_at_ms IS NULL`;
