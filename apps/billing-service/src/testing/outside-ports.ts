import { stripeClient } from '@caravel/billing-data-access';
import { nwcSystemWallet, tenantWallets } from '@caravel/billing-feature';
import type { BillingDeps } from '@caravel/billing-feature';
import type { Clock } from '@caravel/domain';
import { nwcClient, parseNwcUrl } from '@caravel/nostr';
import type { NwcClient } from '@caravel/nostr';
import { testLog } from './service.js';
import type { VictimEnvironment } from './victim-environment.js';

/** The stand-ins answer at once or never; a machine under load takes a moment. */
const DEADLINE_MS = 3_000;

/** Wallets over a real relay and Stripe over HTTP, as `main.ts` reaches them, with less patience. */
export function outsidePorts(environment: VictimEnvironment, { clock, watch = (port) => port }: PortOptions): Ports {
  const payee = nwcClient({ connection: parseNwcUrl(environment.PAYEE_URL) });
  const hasty: Pick<NwcClient, 'makeInvoice' | 'lookupInvoice'> = {
    makeInvoice: (request) => payee.makeInvoice({ ...request, timeoutMs: DEADLINE_MS }),
    lookupInvoice: (request) => payee.lookupInvoice({ ...request, timeoutMs: DEADLINE_MS }),
  };
  const stripe = watch(
    stripeClient({ secretKey: 'sk_test_stand_in', apiUrl: environment.STRIPE_URL, requestsPerSecond: 1000, clock }),
  );
  return {
    systemWallet: watch(nwcSystemWallet(hasty)),
    wallets: tenantWallets({
      secrets: [environment.SEAL_KEY],
      allowPrivateHosts: true,
      log: testLog,
      connect: (connection) => {
        const wallet = nwcClient({ connection });
        return watch<Pick<NwcClient, 'payInvoice' | 'close'>>({
          payInvoice: (request) => wallet.payInvoice({ ...request, timeoutMs: DEADLINE_MS }),
          close: () => {
            wallet.close();
          },
        });
      },
    }),
    rates: watch({ centsPerBtc: () => Promise.resolve(10_000_000n) }),
    customers: stripe,
    stripe,
  };
}

type Ports = Pick<BillingDeps, 'systemWallet' | 'wallets' | 'rates' | 'customers' | 'stripe'>;

interface PortOptions {
  clock: Clock;
  watch?: <Port extends object>(port: Port) => Port;
}
