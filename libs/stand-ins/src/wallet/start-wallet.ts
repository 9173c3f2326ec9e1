import { type Clock, systemClock } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { Bolt11Error } from '@caravel/lightning';
import { z } from 'zod';

import { callLog } from '../calls.js';
import { faultBook, withFault } from '../faults.js';
import type { StandIn } from '../stand-in.js';
import { waiter } from '../waiter.js';
import { LightningError } from './lightning-error.js';
import type { LightningWorld } from './lightning-world.js';
import { type Encryption, walletEnvelope } from './wallet-envelope.js';
import { WALLET_METHODS, type WalletMethod, walletRequests } from './wallet-requests.js';
import { serveWallet, type WalletAnswer, type WalletCall } from './wallet-service.js';
import { transactionOf } from './wallet-transaction.js';
import type { WorldInvoice } from './world-invoice.js';

const invoiceSchema = z.strictObject({ invoice: z.string() });
const balanceSchema = z.strictObject({ msats: z.int().nonnegative() });

/**
 * One NWC wallet (NIP-47) at a real relay, holding an account of the `world`. Its `url` is the connection for a client.
 * Subjects of faults are the methods, `pay_invoice`; `code` is the error of `fail`, with `done` the payment is made all the
 * same. Actions: `set-balance {msats}`, `settle {invoice}` (somebody outside pays an invoice by hand).
 */
export async function startWallet(options: WalletOptions): Promise<WalletStandIn> {
  const { relayUrl, world, name, clock = systemClock, methods = WALLET_METHODS } = options;
  const { walletSecret = generateSecret(), clientSecret = generateSecret() } = options;
  const nodeKey = world.open(name, options);
  const [faults, calls] = [faultBook(), callLog(clock)];
  const { wait, stop: stopWaiting } = waiter();
  const client = secretSigner(clientSecret).pubkey;
  const envelope = walletEnvelope({
    walletSecret,
    relayUrl,
    encryptions: options.encryptions ?? ['nip44_v2', 'nip04'],
  });
  const request = walletRequests({ world, name, nodeKey, methods, clock });

  async function handle(call: WalletCall): Promise<WalletAnswer> {
    const record = calls.add(call.method, { params: call.params });
    const outcome = await withFault<NonNullable<WalletAnswer>>(faults.take(call.method), {
      work: () => attempt(() => request(call.method, call.params), call.client === client),
      failure: ({ code = 'INTERNAL' }) => ({ error: { code, message: 'told to fail' } }),
      wait,
    });
    record['outcome'] = typeof outcome === 'object' ? outcome.answer : outcome;
    return typeof outcome === 'object' ? outcome.answer : undefined;
  }

  const service = await serveWallet({ relayUrl, envelope, methods, handle, clock, wait });
  const stopListening = world.onSettled((invoice) => {
    const body = notificationOf(invoice, name);
    if (body) void service.notify(client, body);
  });

  return {
    url: `nostr+walletconnect://${envelope.pubkey}?relay=${encodeURIComponent(relayUrl)}&secret=${clientSecret}`,
    pubkey: envelope.pubkey,
    faults,
    calls,
    ledger: world.ledger,
    balanceMsats: () => world.balanceMsats(name),
    actions: {
      'set-balance': (argument) => {
        world.setBalance(name, BigInt(balanceSchema.parse(argument).msats));
      },
      settle: (argument) => ({ payment_hash: world.settle(invoiceSchema.parse(argument).invoice).paymentHash }),
    },
    stop: async () => {
      stopListening();
      const stopped = service.stop(); // before the waits end, or it would try to reconnect
      stopWaiting();
      await stopped;
    },
  };
}

function attempt(work: () => unknown, isClient: boolean): NonNullable<WalletAnswer> {
  if (!isClient) return { error: new LightningError('UNAUTHORIZED', 'this key has no connection to the wallet') };
  try {
    return { result: work() };
  } catch (error) {
    if (error instanceof LightningError) return { error };
    if (error instanceof Bolt11Error) return { error: { code: 'OTHER', message: error.message } };
    throw error;
  }
}

function notificationOf(invoice: WorldInvoice, name: string): unknown {
  const transaction = transactionOf(invoice, { name, nowS: invoice.settledAtS ?? 0 });
  const type = transaction?.type === 'incoming' ? 'payment_received' : 'payment_sent';
  return transaction && { notification_type: type, notification: transaction };
}

export interface WalletStandIn extends StandIn {
  /** The wallet's own key. */
  pubkey: string;
  balanceMsats: () => bigint;
}

interface WalletOptions {
  relayUrl: string;
  world: LightningWorld;
  /** Account in the world; opened here. */
  name: string;
  /** What it holds at the start; default nothing. */
  balanceMsats?: bigint | undefined;
  /** What the connection may do; default all. Without `pay_invoice` it cannot spend. */
  methods?: readonly WalletMethod[] | undefined;
  encryptions?: readonly Encryption[] | undefined;
  /** Keys of 64 hex digits, for a wallet that is to be the same after a restart; default fresh ones. */
  walletSecret?: string | undefined;
  clientSecret?: string | undefined;
  nodeSecret?: string | undefined;
  clock?: Clock | undefined;
}
