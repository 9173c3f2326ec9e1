import type { Clock } from '@caravel/domain';
import type { Network } from '@caravel/pay-protocol';
import type { Provider } from '@caravel/pay-provider';

/** The networks whose wallets can be in this process; the support matrix of docs/pay.md. Each is loaded when it is first used. */
export const localProviders: LocalProviders = {
  ln: async ({ clock }) => (await import('@caravel/pay-provider-ln')).lightningProvider({ clock }),
};

export type LocalProviders = Readonly<Partial<Record<Network, (deps: LocalProviderDeps) => Promise<Provider>>>>;

export interface LocalProviderDeps {
  clock: Clock;
}
