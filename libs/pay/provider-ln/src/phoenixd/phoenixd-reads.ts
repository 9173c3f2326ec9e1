import { PayError } from '@caravel/pay-protocol';
import type { Call, NetworkRecord, ProviderWallet } from '@caravel/pay-provider';
import { z } from 'zod';
import type { LightningReads } from '../backend.js';
import { askJson, findJson, PAGE_SIZE } from '../http-backend.js';
import type { TargetOf } from '../http-backend.js';
import { newestFirst, newestRecords } from '../newest-records.js';
import { balanceSchema, incomingSchema, outgoingSchema } from './phoenixd-answers.js';
import { incomingRecord, outgoingRecord } from './phoenixd-records.js';

/** What a phoenixd can be asked. */
export function phoenixdReads(targetOf: TargetOf): LightningReads {
  const getBalance = (wallet: ProviderWallet, call: Call) =>
    askJson(targetOf(wallet), { method: 'GET', path: '/getbalance', schema: balanceSchema }, call);
  const incoming = (wallet: ProviderWallet, hash: string, call: Call) =>
    findJson(targetOf(wallet), { path: `/payments/incoming/${hash}`, schema: incomingSchema }, call);

  return {
    balance: async (wallet, call) => {
      const { balanceSat, feeCreditSat } = await getBalance(wallet, call);
      const credit = feeCreditSat === undefined ? {} : { fee_credit_sats: BigInt(feeCreditSat) };
      return { confirmed: BigInt(balanceSat), pending: 0n, unit: 'sats', ...credit };
    },
    receipt: async (wallet, hash, call) => {
      const found = await incoming(wallet, hash, call);
      if (!found) throw new PayError('wallet_not_found', 'phoenixd made no invoice of that payment hash');
      const record = incomingRecord(found);
      if (record.status === 'confirmed') return { state: 'paid', record };
      return record.status === 'failed' ? { state: 'failed', reason: 'the invoice has expired' } : { state: 'pending' };
    },
    feeQuote: async (wallet, _invoice, call) => {
      await getBalance(wallet, call);
      return undefined;
    },
    transactions: async (wallet, limit, call) => {
      const list = <Answer>({ kind, schema, record }: Listed<Answer>) =>
        newestRecords({
          limit,
          pageSize: PAGE_SIZE,
          page: async (at) => {
            const path = `/payments/${kind}?limit=${at.limit}&offset=${at.offset}`;
            const found = await askJson(targetOf(wallet), { method: 'GET', path, schema: z.array(schema) }, call);
            return found.flatMap((each) => record(each) ?? []);
          },
        });
      const [received, paid] = await Promise.all([
        list({ kind: 'incoming', schema: incomingSchema, record: incomingRecord }),
        list({ kind: 'outgoing', schema: outgoingSchema, record: outgoingRecord }),
      ]);
      return newestFirst([...received, ...paid], limit);
    },
    transaction: async (wallet, hash, call) => {
      const received = await incoming(wallet, hash, call);
      if (received) return incomingRecord(received);
      const path = `/payments/outgoingbyhash/${hash}`;
      const paid = await findJson(targetOf(wallet), { path, schema: outgoingSchema }, call);
      return paid && outgoingRecord(paid);
    },
  };
}

interface Listed<Answer> {
  kind: 'incoming' | 'outgoing';
  schema: z.ZodType<Answer>;
  record: (answer: Answer) => NetworkRecord | undefined;
}
