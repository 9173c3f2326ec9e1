import { PayError } from '@caravel/pay-protocol';
import type { LightningBackend } from '../backend.js';
import { askHttp, askJson, isOk, reachable, refused } from '../http-backend.js';
import type { TargetOf } from '../http-backend.js';
import { memoUpTo } from '../invoice-memo.js';
import { invoiceSchema } from './phoenixd-answers.js';

/** How a phoenixd is paid: by an invoice, or by the offer that it always has. */
export function phoenixdInvoices(targetOf: TargetOf): Pick<LightningBackend, 'createInvoice' | 'offer'> {
  return {
    createInvoice: async (wallet, { amountSats, memo, expiryS }, call) => {
      const form = new URLSearchParams({
        amountSat: String(amountSats),
        description: memoUpTo(128, memo),
        expirySeconds: String(expiryS),
      });
      const body = { type: 'application/x-www-form-urlencoded', text: form.toString() } as const;
      const ask = { method: 'POST', path: '/createinvoice', body, schema: invoiceSchema } as const;
      return (await askJson(targetOf(wallet), ask, call)).serialized;
    },
    // The bare offer as text, not JSON.
    offer: async (wallet, call) => {
      const to = targetOf(wallet);
      const answer = await reachable(to, askHttp(to, { method: 'GET', path: '/getoffer' }, call));
      if (!isOk(answer)) throw refused(to, answer);
      const offer = answer.body.trim();
      if (/^lno1[02-9ac-hj-np-z]+$/i.test(offer)) return offer;
      throw new PayError('network_error', 'phoenixd answered something that is no offer');
    },
  };
}
