import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '@caravel/domain';
import { openSpend } from '@caravel/pay-limits';
import type { SpendRule } from '@caravel/pay-limits';
import { parseInput, payIdMaker, PayError, stringifyJson } from '@caravel/pay-protocol';
import type { Input, InputCode, InputOf, Output } from '@caravel/pay-protocol';
import type { Provider } from '@caravel/pay-provider';
import { sealer } from '@caravel/pay-store';
import type { PayDb } from '@caravel/pay-store';
import { createLogger } from '@caravel/service';
import { z } from 'zod';
import type { HistoryBook, WalletBook } from '../books.js';
import { LOCAL } from '../pay-call.js';
import type { CoreDeps, PayCall, PaymentEvent, PayPolicy } from '../pay-call.js';
import { payments } from '../payments/payments.js';
import type { PaymentTimeouts } from '../payments/pay-context.js';
import { requests } from '../requests/requests.js';
import { ledger, ledgerProvider, payTo } from './ledger-provider.js';
import type { LedgerPayment } from './ledger-provider.js';

export const START_S = 1_760_000_000;
export const WALLET = 'w_0000000a';

/** Payments on a store, with one Lightning wallet whose peer keeps its books in a file, and a clock that stands still. */
export function paymentRig(db: PayDb, options: RigOptions = {}) {
  const folder = options.ledgerFile === undefined ? mkdtempSync(join(tmpdir(), 'pay-ledger-')) : undefined;
  const ledgerFile = options.ledgerFile ?? join(folder ?? '', 'ledger.jsonl');
  const books = ledger(ledgerFile);
  const provider = options.provider?.(books) ?? ledgerProvider(books);
  const clock = options.clock ?? manualClock(START_S);
  const events: PaymentEvent['what'][] = [];
  const lines: string[] = [];
  const deps: CoreDeps = {
    db,
    spend: options.spend ?? openSpend(db),
    sealer: sealer(Buffer.alloc(32, 7)),
    rates: options.rates,
    providers: { of: () => Promise.resolve(provider), networks: [provider.network], isRemote: () => false },
    clock,
    newId: payIdMaker(),
    log: createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } }),
    policy: { enforce: 'always', approveAbove: [], nodeId: '00'.repeat(16), ...options.policy },
    onEvent: ({ what }) => events.push(what),
  };
  const pay = payments(deps, {
    wallets: oneWallet(provider),
    history: testHistory,
    requests: requests(deps),
    ...(options.timeouts && { timeouts: options.timeouts }),
  });

  return {
    ...{ pay, deps, books, ledgerFile, events, lines },
    send: (id: string, payment: LedgerPayment, call: Partial<PayCall> = {}): Promise<Output> =>
      asOutput(pay.send(input('send', { id, to: payTo(payment), network: 'ln' }), { ...here(), ...call })),
    ask: async (code: keyof typeof pay & InputCode, fields: object, call: Partial<PayCall> = {}) => {
      const handle: (asked: Input, from: PayCall) => Promise<Output> = pay[code] as never;
      return asOutput(handle(input(code, { id: deps.newId('req_'), ...fields }), { ...here(), ...call }));
    },
    reconcile: () => pay.reconcile(new AbortController().signal),
    spent: async (bucket = 'network/ln/sats') => {
      const [row] = await db.query('SELECT held, total FROM spend_buckets WHERE bucket = $1', [bucket]);
      const { held, total } = bucketSchema.parse(row ?? {});
      return { held, total };
    },
    addRule: (rule: Partial<SpendRule> = {}) => deps.spend.addRule({ ...RULE, ...rule }, clock.now().getTime()),
    drop: () => {
      if (folder !== undefined) rmSync(folder, { recursive: true });
    },
  };
}
export type PaymentRig = ReturnType<typeof paymentRig>;

/** 10,000 sats an hour on Lightning. */
const RULE: SpendRule = {
  ruleId: 'r_00000001',
  bucket: 'network/ln/sats',
  windowMs: 3_600_000,
  max: 10_000n,
  said: stringifyJson({ scope: 'network', network: 'ln', window_s: 3600, max_spend: 10_000 }),
  origin: 'command',
};

export const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS test_history
  (wallet text, transaction_id text, direction text, amount text, PRIMARY KEY (wallet, transaction_id, direction))`;
const testHistory: HistoryBook = {
  record: async (tx, { id }, { transactionId, direction, amount }) => {
    await tx.query(
      `INSERT INTO test_history (wallet, transaction_id, direction, amount) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [id, transactionId, direction, String(amount.value)],
    );
  },
};

function oneWallet(provider: Provider): WalletBook {
  const wallet = { id: WALLET, network: provider.network, settings: {}, secrets: {} };
  return {
    choose: ({ wallet: name }) =>
      name === undefined || name === WALLET
        ? Promise.resolve({ provider, wallet })
        : Promise.reject(new PayError('wallet_not_found', 'no such wallet')),
    byId: () => Promise.resolve({ provider, wallet }),
  };
}

const bucketSchema = z.object({
  held: z.string().default('0').transform(BigInt),
  total: z.string().default('0').transform(BigInt),
});

const here = (): PayCall => ({ caller: LOCAL, signal: new AbortController().signal });

function input<Code extends InputCode>(code: Code, fields: object): InputOf<Code> {
  return parseInput({ code, ...fields }) as Input & InputOf<Code>;
}

/** As the dispatcher does: what was thrown is an answer. */
async function asOutput(work: Promise<Output>): Promise<Output> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof PayError)) throw error;
    return { code: 'error', error_code: error.code, error: error.message, retryable: error.retryable };
  }
}

interface RigOptions {
  ledgerFile?: string;
  provider?: (books: ReturnType<typeof ledger>) => Provider;
  clock?: CoreDeps['clock'];
  spend?: CoreDeps['spend'];
  rates?: CoreDeps['rates'];
  policy?: Partial<PayPolicy>;
  timeouts?: PaymentTimeouts;
}
