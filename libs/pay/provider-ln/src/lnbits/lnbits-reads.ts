import { PayError } from '@caravel/pay-protocol';
import type { Call, ProviderWallet, Receipt } from '@caravel/pay-provider';
import { z } from 'zod';
import type { LightningReads } from '../backend.js';
import { askHttp, askJson, findJson, isOk, jsonOf, PAGE_SIZE, reachable, refused } from '../http-backend.js';
import type { TargetOf } from '../http-backend.js';
import { newestRecords } from '../newest-records.js';
import { msatsDown, msatsUp } from '../sats.js';
import { feeReserveSchema, lookupSchema, paymentSchema, walletSchema } from './lnbits-answers.js';
import type { LnbitsLookup } from './lnbits-answers.js';
import { lookupStatus, paymentRecord } from './lnbits-records.js';

/** What an LNbits can be asked. */
export function lnbitsReads(targetOf: TargetOf): LightningReads {
  const find = (wallet: ProviderWallet, hash: string, call: Call) =>
    findJson(targetOf(wallet), { path: `/api/v1/payments/${hash}`, schema: lookupSchema }, call);

  return {
    balance: async (wallet, call) => {
      const ask = { method: 'GET', path: '/api/v1/wallet', schema: walletSchema } as const;
      const { balance } = await askJson(targetOf(wallet), ask, call);
      // A fee above its reserve can make it negative for a moment.
      return { confirmed: msatsDown(BigInt(Math.max(0, balance))), pending: 0n, unit: 'sats' };
    },
    receipt: async (wallet, hash, call) => {
      const found = await find(wallet, hash, call);
      if (!found) throw new PayError('wallet_not_found', 'LNbits made no invoice of that payment hash');
      return receiptOf(found, targetOf(wallet).nowMs());
    },
    feeQuote: async (wallet, invoice = '', call) => {
      const to = targetOf(wallet);
      const path = `/api/v1/payments/fee-reserve?${new URLSearchParams({ invoice }).toString()}`;
      const answer = await reachable(to, askHttp(to, { method: 'GET', path }, call));
      if (answer.status === 401 || answer.status === 403) throw refused(to, answer);
      // Old releases have no such question.
      const { data } = feeReserveSchema.safeParse(isOk(answer) ? jsonOf(answer) : undefined);
      return data && msatsUp(BigInt(data.fee_reserve));
    },
    transactions: (wallet, limit, call) =>
      newestRecords({
        limit,
        pageSize: PAGE_SIZE,
        page: async (at) => {
          const path = `/api/v1/payments?limit=${at.limit}&offset=${at.offset}`;
          const ask = { method: 'GET', path, schema: z.array(paymentSchema) } as const;
          return (await askJson(targetOf(wallet), ask, call)).map(paymentRecord);
        },
      }),
    transaction: async (wallet, hash, call) => {
      const found = await find(wallet, hash, call);
      return found?.details && paymentRecord(found.details);
    },
  };
}

function receiptOf(found: LnbitsLookup, nowMs: number): Receipt {
  const { details, paid } = found;
  if (!details || details.amount <= 0) throw new PayError('network_error', 'LNbits does not show the invoice');
  const status = lookupStatus(found);
  if (status === 'success' || (status === undefined && paid)) return { state: 'paid', record: paymentRecord(details) };
  if (status === 'failed') return { state: 'failed', reason: 'LNbits gave the invoice up' };
  const isOver = details.expiry !== undefined && details.expiry <= nowMs;
  return isOver ? { state: 'failed', reason: 'the invoice has expired' } : { state: 'pending' };
}
