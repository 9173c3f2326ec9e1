import { join } from 'node:path';

import { type Clock, systemClock } from '@caravel/domain';

import { startControl } from './control.js';
import { type RatesStandIn, startRates } from './rates/start-rates.js';
import { type RelayStandIn, startRelay } from './relay/start-relay.js';
import { startStripe, type StripeStandIn } from './stripe/start-stripe.js';
import { type LightningWorld, lightningWorld } from './wallet/lightning-world.js';
import { startWallet, type WalletStandIn } from './wallet/start-wallet.js';
import { walletKeys } from './wallet-keys.js';
import { startZooid, type ZooidStandIn } from './zooid/start-zooid.js';

const CANNOT_SPEND = ['get_info', 'get_balance', 'make_invoice', 'lookup_invoice', 'list_transactions'] as const;
const DEFAULT_TENANT_MSATS = 10_000_000_000n;

/**
 * All stand-ins in this process, and one control server for them. The system wallet makes and looks up invoices and cannot
 * spend; the tenant's holds money. When one part does not start, those that did are stopped and the error is thrown.
 */
export async function startStandIns(options: StandInsOptions): Promise<StandIns> {
  const { dir, ports = {}, listen = {}, clock = systemClock } = options;
  const at = (name: keyof NonNullable<StandInsOptions['ports']>) => ({ ...listen, port: ports[name] });
  const running: { stop: () => Promise<void> }[] = [];
  const stop = async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
  };
  async function own<T extends { stop: () => Promise<void> }>(starting: Promise<T>): Promise<T> {
    const part = await starting;
    running.push(part);
    return part;
  }

  try {
    const keys = { dir, seed: options.walletSeed };
    const world = lightningWorld({ clock });
    const relay = await own(startRelay({ clock, at: at('relay') }));
    const wallet = { relayUrl: relay.url, world, clock };
    const parts: StandInParts = {
      relay,
      zooid: await own(
        startZooid({
          ...options.zooid,
          clock,
          at: at('zooid'),
          dir: join(dir, 'zooid'),
          whitelist: options.whitelist,
        }),
      ),
      stripe: await own(startStripe({ clock, at: at('stripe') })),
      rates: await own(startRates({ clock, at: at('rates'), centsPerBtc: options.centsPerBtc })),
      systemWallet: await own(
        startWallet({ ...wallet, ...walletKeys(keys, 'system'), name: 'system', methods: CANNOT_SPEND }),
      ),
      tenantWallet: await own(
        startWallet({
          ...wallet,
          ...walletKeys(keys, 'tenant'),
          name: 'tenant',
          balanceMsats: options.tenantBalanceMsats ?? DEFAULT_TENANT_MSATS,
        }),
      ),
    };
    const control = await own(startControl({ ...parts }, at('control')));
    return {
      parts,
      world,
      standIns: addressesOf(parts, control.controlUrl),
      systemWalletUrl: parts.systemWallet.url,
      tenantWalletUrl: parts.tenantWallet.url,
      rateSources: Object.values(parts.rates.urls),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function addressesOf(parts: StandInParts, controlUrl: (name: string) => string): Record<StandInName, StandInAddress> {
  const address = (name: StandInName) => ({ url: parts[name].url, controlUrl: controlUrl(name) });
  return {
    relay: address('relay'),
    zooid: address('zooid'),
    stripe: address('stripe'),
    rates: address('rates'),
    systemWallet: address('systemWallet'),
    tenantWallet: address('tenantWallet'),
  };
}

export interface StandInParts {
  relay: RelayStandIn;
  zooid: ZooidStandIn;
  stripe: StripeStandIn;
  rates: RatesStandIn;
  systemWallet: WalletStandIn;
  tenantWallet: WalletStandIn;
}
export type StandInName = keyof StandInParts;

export interface StandInAddress {
  url: string;
  controlUrl: string;
}

export interface StandIns {
  /** The running parts, for a test in the same process. */
  parts: StandInParts;
  world: LightningWorld;
  /** For `.dev/sandbox.json`: where each is, and where it is steered. */
  standIns: Record<StandInName, StandInAddress>;
  systemWalletUrl: string;
  tenantWalletUrl: string;
  /** URLs for `RATE_SOURCES`. */
  rateSources: string[];
  stop: () => Promise<void>;
}

interface StandInsOptions {
  /** Keeps zooid's relays and the wallets' keys. */
  dir: string;
  /** Pubkeys that may manage relays at zooid: the provisioner's. */
  whitelist: readonly string[];
  /** Default: free ones. */
  ports?: Partial<Record<'relay' | 'zooid' | 'stripe' | 'rates' | 'control', number>> | undefined;
  /** Makes the wallets' URLs the same everywhere; without it they are made once per folder. */
  walletSeed?: string | undefined;
  /** Default: loopback. */
  listen?: { host: string; publicHost: string } | undefined;
  zooid?: { apiHost?: string; reloadDelayMs?: number } | undefined;
  tenantBalanceMsats?: bigint | undefined;
  centsPerBtc?: number | undefined;
  clock?: Clock | undefined;
}
