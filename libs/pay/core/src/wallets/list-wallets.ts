import type { Handle } from '../pay-call.js';
import type { RollCall } from './wallet-roll.js';

export function listWallets(roll: RollCall): Handle<'wallet_list'> {
  return async ({ network }, call) => {
    const { wallets, errors } = await roll(network, call);
    return {
      code: 'wallet_list',
      wallets: wallets.map(({ summary }) => summary),
      ...(errors.length > 0 && { errors }),
    };
  };
}
