import { msats } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import type { ConnectRelay, NwcClient } from '@caravel/nostr';
import { PayError } from '@caravel/pay-protocol';
import type { Call, ProviderWallet } from '@caravel/pay-provider';
import type { LightningBackend } from '../backend.js';
import { memoUpTo } from '../invoice-memo.js';
import { notSent } from '../outcomes.js';
import { knownChain } from '../payment-target.js';
import type { LightningChain } from '../payment-target.js';
import { readCredentials } from '../read-credentials.js';
import { MAX_SATS } from '../sats.js';
import { secretOf } from '../secret-of.js';
import type { Timeouts } from '../timeouts.js';
import { nwcClients } from './nwc-clients.js';
import { nwcLimits } from './nwc-limits.js';
import type { NwcLimits } from './nwc-limits.js';
import { askNwc, payNwc } from './nwc-payments.js';
import type { NwcTarget } from './nwc-payments.js';
import { nwcReads } from './nwc-reads.js';
import { isErrorOf, resultOf } from './nwc-result.js';

/** A wallet behind a Nostr Wallet Connect URI (NIP-47). */
export function nwcBackend({ clock, timeouts, connect }: NwcBackendDeps): LightningBackend {
  const clients = nwcClients({ clock, connect });
  const targetOf = (wallet: ProviderWallet, call: Call): NwcTarget => ({
    client: clients.of(secretOf(wallet, 'nwc_uri_secret')),
    limits: nwcLimits(timeouts, call),
    nowMs: () => clock.now().getTime(),
  });

  return {
    hasOffers: false,
    connect: async (input, call) => {
      const { nwc_uri_secret } = readCredentials(input, ['nwc_uri_secret']);
      const client = clients.open(nwc_uri_secret);
      try {
        const chain = await chainOf(client, nwcLimits(timeouts, call));
        return { address: 'ln:nwc', backend: 'nwc', settings: { chain }, secrets: { nwc_uri_secret } };
      } finally {
        client.close();
      }
    },
    createInvoice: async (wallet, { amountSats, memo, expiryS }, call) => {
      if (amountSats > MAX_SATS) throw new PayError('invalid_amount', 'more sats than there are');
      const { client, limits } = targetOf(wallet, call);
      const request = { amountMsats: msats(amountSats * 1000n), description: memoUpTo(639, memo) };
      return resultOf(await client.makeInvoice({ ...request, expiryS, ...limits.ask() })).invoice;
    },
    ...nwcReads(targetOf),
    pay: (wallet, artefact, call) =>
      artefact.kind === 'bolt12'
        ? Promise.resolve(notSent('NWC pays no offers'))
        : payNwc(targetOf(wallet, call), artefact),
    ask: (wallet, artefact, call) => askNwc(targetOf(wallet, call), artefact),
    close: clients.close,
  };
}

/** Tries the connection, and asks which chain the wallet is on. */
async function chainOf(client: NwcClient, limits: NwcLimits): Promise<LightningChain | undefined> {
  const { network } = resultOf(await client.getInfo(limits.ask()));
  const balance = await client.getBalance(limits.ask());
  // A connection that may not look at the balance may still pay and be paid.
  if (!isErrorOf(balance, ['RESTRICTED', 'NOT_IMPLEMENTED'])) resultOf(balance);
  return knownChain(network);
}

interface NwcBackendDeps {
  clock: Clock;
  timeouts: Timeouts;
  connect?: ConnectRelay | undefined;
}
