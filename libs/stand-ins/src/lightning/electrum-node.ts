import { z } from 'zod';

import type { LightningNode } from './lightning-node.js';

/** How long a real payment on loopback may take before the node gives it up. */
const PAY_TIMEOUT_S = 30;

/** A real Lightning node: an Electrum 4.3 daemon with a wallet loaded and a channel open, by its JSON-RPC. */
export function electrumNode({ rpcUrl, user, password, wallet }: ElectrumDaemon): LightningNode {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  async function ask<Answer>(method: string, params: Record<string, unknown>, schema: z.ZodType<Answer>) {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify({ id: 1, jsonrpc: '2.0', method, params: { wallet, ...params } }),
      signal: AbortSignal.timeout((PAY_TIMEOUT_S + 10) * 1000),
    });
    const answer = answerSchema.parse(await response.json());
    if (answer.error) throw new Error(`${method}: ${JSON.stringify(answer.error).slice(0, 300)}`);
    return schema.parse(answer.result);
  }
  const history = () => ask('lightning_history', {}, historySchema);

  return {
    key: async () => (await ask('nodeid', {}, z.string())).split('@')[0] ?? '',
    balanceMsats: async () => {
      const channels = await ask('list_channels', {}, channelsSchema);
      const settled = (await history()).reduce((sum, { amount_msat = 0 }) => sum + BigInt(amount_msat), 0n);
      // Channels are told in whole sats; what was paid is told in millisatoshis.
      const sats = channels.reduce((sum, { local_balance }) => sum + BigInt(local_balance), 0n);
      return sats * 1000n + (((settled % 1000n) + 1000n) % 1000n);
    },
    createInvoice: async ({ amountMsats, description, expiryS }) => {
      if (amountMsats % 1000n !== 0n) throw new Error('Electrum asks for whole sats');
      const amount = `${amountMsats / 100_000_000_000n}.${String((amountMsats / 1000n) % 100_000_000n).padStart(8, '0')}`;
      const request = { amount, memo: description, expiration: expiryS };
      return (await ask('add_request', request, requestSchema)).lightning_invoice;
    },
    received: async (paymentHash) => {
      const found = (await history()).find(
        ({ payment_hash, amount_msat = 0 }) => payment_hash === paymentHash && amount_msat > 0,
      );
      return found?.preimage;
    },
    pay: async (invoice) => {
      let paid: z.output<typeof paySchema>;
      try {
        paid = await ask('lnpay', { invoice, timeout: PAY_TIMEOUT_S }, paySchema);
      } catch (error) {
        return { type: 'failed', reason: error instanceof Error ? error.message : 'refused' };
      }
      if (!paid.success || typeof paid.preimage !== 'string') return { type: 'failed', reason: 'no route' };
      const found = (await history()).find(({ payment_hash }) => payment_hash === paid.payment_hash);
      return { type: 'paid', preimage: paid.preimage, feeMsats: BigInt(Math.abs(found?.fee_msat ?? 0)) };
    },
  };
}

const answerSchema = z.object({ result: z.unknown().optional(), error: z.unknown().optional() });
const requestSchema = z.object({ lightning_invoice: z.string() });
const channelsSchema = z.array(z.object({ local_balance: z.int() }));
const paySchema = z.object({ payment_hash: z.string(), success: z.boolean(), preimage: z.string().nullish() });
const historySchema = z.array(
  z.object({
    payment_hash: z.string().optional(),
    preimage: z.string().optional(),
    amount_msat: z.int().optional(),
    fee_msat: z.int().nullish(),
  }),
);

export interface ElectrumDaemon {
  rpcUrl: string;
  user: string;
  password: string;
  /** Path of the wallet's file. */
  wallet: string;
}
