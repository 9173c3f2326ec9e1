import { systemClock } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import type { InputOf } from '@caravel/pay-protocol';
import { ledgerNode, lightningWorld, startLnbits, startNwc, startPhoenixd, startRelay } from '@caravel/stand-ins';
import type { FaceLedger, LightningNode, LightningWorld, RelayStandIn, StandIn } from '@caravel/stand-ins';
import { silentProxy } from './silent-proxy.js';
import type { SilentProxy } from './silent-proxy.js';

export const BACKENDS = ['phoenixd', 'lnbits', 'lnbits 0.12', 'nwc'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** One kind of wallet in front of `node`, reached through a proxy that can fall silent. */
export async function startPeer(name: BackendName, options: PeerOptions): Promise<Peer> {
  const { node, clock = systemClock } = options;
  switch (name) {
    case 'phoenixd': {
      const face = await startPhoenixd({ node, clock });
      const proxy = await silentProxy(face.url);
      const credentials = { endpoint: proxy.url, password_secret: face.password };
      return peer({ face, proxy, create: { backend: 'phoenixd', ...credentials }, pays: 'POST /payinvoice' });
    }
    case 'lnbits':
    case 'lnbits 0.12': {
      const face = await startLnbits({ node, clock, version: name === 'lnbits' ? '1.5' : '0.12' });
      const proxy = await silentProxy(face.url);
      const credentials = { endpoint: proxy.url, admin_key_secret: face.adminKey };
      return peer({ face, proxy, create: { backend: 'lnbits', ...credentials }, pays: 'POST /api/v1/payments' });
    }
    case 'nwc': {
      const relay = await startRelay({ clock });
      const proxy = await silentProxy(relay.url);
      const face = await startNwc({ node, clock, relayUrl: relay.url });
      const uri = face.url.replace(encodeURIComponent(relay.url), encodeURIComponent(proxy.url));
      return peer({
        face,
        proxy,
        create: { backend: 'nwc', nwc_uri_secret: uri },
        pays: 'pay_invoice',
        relay,
      });
    }
  }
}

/** A payer with `balanceSats` and a payee, in one ledger. */
export function ledgerNodes(clock: Clock, { balanceSats = 1_000_000n, feeMsats = 4_321n } = {}) {
  const world: LightningWorld = lightningWorld({ clock });
  const payee = ledgerNode({ world, name: 'payee', balanceMsats: 1_000_000_000n });
  const payer = ledgerNode({ world, name: 'payer', balanceMsats: balanceSats * 1000n, feeMsats: () => feeMsats });
  return { world, payer, payee };
}

function peer({ face, proxy, create, pays, relay }: PeerParts): Peer {
  return {
    face,
    proxy,
    pays,
    create: { code: 'ln_wallet_create', id: 'create', ...create },
    ledger: face.ledger,
    relay,
    stop: async () => {
      await face.stop();
      await proxy.close();
      await relay?.stop();
    },
  };
}

interface PeerParts {
  face: StandIn & { ledger: () => Promise<FaceLedger> };
  proxy: SilentProxy;
  create: Omit<InputOf<'ln_wallet_create'>, 'code' | 'id'>;
  pays: string;
  relay?: RelayStandIn;
}

export interface Peer {
  face: StandIn;
  proxy: SilentProxy;
  /** The Input that connects to it. */
  create: InputOf<'ln_wallet_create'>;
  /** What a fault of a payment matches. */
  pays: string;
  ledger: () => Promise<FaceLedger>;
  /** Where an NWC wallet is reached. */
  relay?: RelayStandIn | undefined;
  stop: () => Promise<void>;
}

interface PeerOptions {
  node: LightningNode;
  clock?: Clock | undefined;
}
