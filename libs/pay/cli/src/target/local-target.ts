import { LOCAL } from '@caravel/pay-core';
import type { LocalPay } from '../afpay-deps.js';
import type { Target } from './target.js';

/** The node in this process. */
export function localTarget(pay: LocalPay): Target {
  return {
    handle: async function* (input, signal) {
      for await (const { output } of pay.handle(input, { caller: LOCAL, signal })) yield output;
    },
    explain: (input, signal) => pay.explain(input, { caller: LOCAL, signal }),
    reconcile: (signal) => pay.reconcile(signal),
    doctor: (signal) => pay.doctor(signal),
    close: () => pay.close(),
  };
}
