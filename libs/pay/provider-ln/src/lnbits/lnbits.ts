import type { Clock } from '@caravel/domain';
import { PayError } from '@caravel/pay-protocol';
import type { ProviderWallet } from '@caravel/pay-provider';
import type { LightningBackend } from '../backend.js';
import { askJson, endpointOf, readEndpoint } from '../http-backend.js';
import type { HttpTarget } from '../http-backend.js';
import { memoUpTo } from '../invoice-memo.js';
import { readCredentials } from '../read-credentials.js';
import { MAX_SATS } from '../sats.js';
import { secretOf } from '../secret-of.js';
import type { Timeouts } from '../timeouts.js';
import { invoiceSchema, walletSchema } from './lnbits-answers.js';
import { askLnbits, payLnbits } from './lnbits-payments.js';
import { lnbitsReads } from './lnbits-reads.js';

/** A wallet at an LNbits, by its admin key; releases 0.12 to 1.5. */
export function lnbitsBackend({ clock, timeouts }: { clock: Clock; timeouts: Timeouts }): LightningBackend {
  const target = (endpoint: string, adminKey: string): HttpTarget => ({
    name: 'LNbits',
    endpoint,
    headers: { 'x-api-key': adminKey },
    secret: adminKey,
    timeouts,
    nowMs: () => clock.now().getTime(),
  });
  const targetOf = (wallet: ProviderWallet) => target(endpointOf(wallet), secretOf(wallet, 'admin_key_secret'));

  return {
    hasOffers: false,
    connect: async (input, call) => {
      const { endpoint: text, admin_key_secret } = readCredentials(input, ['endpoint', 'admin_key_secret']);
      const endpoint = readEndpoint(text);
      const ask = { method: 'GET', path: '/api/v1/wallet', schema: walletSchema } as const;
      await askJson(target(endpoint, admin_key_secret), ask, call);
      return {
        address: 'ln:lnbits',
        backend: 'lnbits',
        settings: { mint_url: endpoint },
        secrets: { admin_key_secret },
      };
    },
    createInvoice: (wallet, { amountSats, memo, expiryS }, call) => {
      if (amountSats > MAX_SATS) throw new PayError('invalid_amount', 'more sats than there are');
      const wanted = { out: false, amount: Number(amountSats), unit: 'sat', memo: memoUpTo(640, memo) };
      const text = JSON.stringify({ ...wanted, expiry: expiryS });
      const body = { type: 'application/json', text } as const;
      const ask = { method: 'POST', path: '/api/v1/payments', body, schema: invoiceSchema } as const;
      return askJson(targetOf(wallet), ask, call);
    },
    ...lnbitsReads(targetOf),
    pay: (wallet, artefact, call) => payLnbits(targetOf(wallet), artefact, call),
    ask: (wallet, artefact, call) => askLnbits(targetOf(wallet), artefact, call),
  };
}
