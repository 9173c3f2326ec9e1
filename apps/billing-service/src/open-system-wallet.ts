import { checkPayNodeWallet, checkSystemWallet, nwcSystemWallet, payNodeWallet } from '@caravel/billing-feature';
import type { SystemWallet } from '@caravel/billing-feature';
import type { Clock } from '@caravel/domain';
import { nwcClient, parseNwcUrl } from '@caravel/nostr';
import { payIdMaker } from '@caravel/pay-protocol';
import { rpcClient } from '@caravel/pay-rpc';
import type { Logger, Metrics, Own } from '@caravel/service';
import type { Config } from './config.js';

/** The payee in whichever of its two forms is configured: a wallet connection (NIP-47), or a wallet on a pay-node. */
export async function openSystemWallet(config: Config, { own, clock, log, observe }: Deps): Promise<SystemWallet> {
  const { ROBOT_WALLET: connection, PAY_RPC_ENDPOINT: endpoint = '', PAY_RPC_SECRET: secret = '' } = config;
  if (connection !== undefined) {
    const payee = own(nwcClient({ connection: parseNwcUrl(connection), clock }));
    await checkSystemWallet(payee, log);
    return nwcSystemWallet(payee, observe);
  }
  const client = own(rpcClient({ endpoint, secret, nowMs: () => clock.now().getTime() }));
  const deps = { client, wallet: config.PAY_RPC_WALLET, newId: payIdMaker(), observe };
  await checkPayNodeWallet(deps, log);
  return payNodeWallet(deps);
}

interface Deps {
  own: Own;
  clock: Clock;
  log: Logger;
  observe: Metrics['observeCall'];
}
