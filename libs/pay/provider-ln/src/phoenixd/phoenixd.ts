import type { Clock } from '@caravel/domain';
import type { ProviderWallet } from '@caravel/pay-provider';
import type { LightningBackend } from '../backend.js';
import { askJson, endpointOf, readEndpoint } from '../http-backend.js';
import type { HttpTarget } from '../http-backend.js';
import { knownChain } from '../payment-target.js';
import { readCredentials } from '../read-credentials.js';
import { secretOf } from '../secret-of.js';
import type { Timeouts } from '../timeouts.js';
import { balanceSchema, infoSchema } from './phoenixd-answers.js';
import { phoenixdInvoices } from './phoenixd-invoices.js';
import { askPhoenixd, payPhoenixd } from './phoenixd-payments.js';
import { phoenixdReads } from './phoenixd-reads.js';

/** A wallet at a phoenixd, by its HTTP API and the full password. */
export function phoenixdBackend({ clock, timeouts }: { clock: Clock; timeouts: Timeouts }): LightningBackend {
  const target = (endpoint: string, password: string): HttpTarget => ({
    name: 'phoenixd',
    endpoint,
    headers: { authorization: `Basic ${Buffer.from(`:${password}`).toString('base64')}` },
    secret: password,
    timeouts,
    nowMs: () => clock.now().getTime(),
  });
  const targetOf = (wallet: ProviderWallet) => target(endpointOf(wallet), secretOf(wallet, 'password_secret'));

  return {
    hasOffers: true,
    connect: async (input, call) => {
      const { endpoint: text, password_secret } = readCredentials(input, ['endpoint', 'password_secret']);
      const endpoint = readEndpoint(text);
      const to = target(endpoint, password_secret);
      await askJson(to, { method: 'GET', path: '/getbalance', schema: balanceSchema }, call);
      const { chain } = await askJson(to, { method: 'GET', path: '/getinfo', schema: infoSchema }, call);
      return {
        address: 'ln:phoenixd',
        backend: 'phoenixd',
        settings: { mint_url: endpoint, chain: knownChain(chain) },
        secrets: { password_secret },
      };
    },
    ...phoenixdReads(targetOf),
    ...phoenixdInvoices(targetOf),
    pay: (wallet, artefact, call) => payPhoenixd(targetOf(wallet), artefact, call),
    ask: (wallet, artefact, call) => askPhoenixd(targetOf(wallet), artefact, call),
  };
}
