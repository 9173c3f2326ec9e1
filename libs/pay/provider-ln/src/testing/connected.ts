import type { Call, Outcome, Provider, ProviderWallet, Quote } from '@caravel/pay-provider';
import type { Peer } from './lightning-peers.js';

/** A wallet at a peer, connected as the core would, and what is done most with it. */
export async function connected(provider: Provider, { create }: Pick<Peer, 'create'>): Promise<Connected> {
  const { backend, settings, secrets } = await provider.createWallet(create, call());
  const wallet: ProviderWallet = { id: 'w_1', network: 'ln', backend, settings, secrets };
  const quote = (to: string) =>
    provider.quote(wallet, { kind: 'send', requestId: 'r', requestKey: 'default', to }, call());
  const dispatch = (artefact: string, signal = call().signal) => provider.dispatch(wallet, artefact, { signal });
  return {
    wallet,
    quote,
    dispatch,
    resolve: (artefact) => provider.resolve(wallet, artefact, call()),
    pay: async (to) => {
      const { artefact = '' } = await quote(to);
      return { artefact, outcome: await dispatch(artefact) };
    },
  };
}

export const call = (): Call => ({ signal: new AbortController().signal });

export interface Connected {
  wallet: ProviderWallet;
  quote: (to: string) => Promise<Quote>;
  dispatch: (artefact: string, signal?: AbortSignal) => Promise<Outcome>;
  resolve: (artefact: string) => Promise<Outcome>;
  pay: (to: string) => Promise<{ artefact: string; outcome: Outcome }>;
}
