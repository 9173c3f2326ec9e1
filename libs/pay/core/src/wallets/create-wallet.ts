import { PayError } from '@caravel/pay-protocol';
import type { InputOf, OutputOf } from '@caravel/pay-protocol';
import type { NewWallet, RequestKey } from '@caravel/pay-provider';
import { boundedCall, CHANGE_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import { requestOf } from '../control/request-of.js';
import type { CoreDeps, PayCall } from '../pay-call.js';
import { checkMint } from './check-mint.js';
import { labelOf } from './label.js';
import type { WalletRow, WalletRows } from './wallet-rows.js';

/**
 * Makes or connects a wallet, once for its request: whoever asks again after a crash is told of the wallet that was made. What
 * the provider gave is stored before it is answered; a wallet that was not stored is never heard of.
 */
export function createWallet({ providers, rows, clock, newId, policy }: CreateDeps) {
  const store = async (made: NewWallet, input: CreateInput, request: RequestKey): Promise<WalletRow> => {
    const { address, backend, settings } = made;
    const common = { network: networkOf(input), label: labelOf(input.label), backend, address, settings, request };
    const secrets = made.id === undefined ? made.secrets : undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const id = made.id ?? newId('w_');
      const createdAtMs = clock.now().getTime();
      await rows.insert({ ...common, id, secrets, createdAtMs });
      // Another process may have been quicker with the same request, or the node below tells again of what it made before.
      const row = (await rows.madeBy(request)) ?? (made.id === undefined ? undefined : await rows.byId(made.id));
      if (row) return row;
    }
    throw new PayError('internal_error', 'no id is free for a wallet');
  };

  return async (input: CreateInput, call: PayCall): Promise<OutputOf<'wallet_created'>> => {
    const request = requestOf(input, call);
    const before = await rows.madeBy(request);
    if (before) return created(before);
    if (input.code === 'wallet_create' && input.network === 'ln') {
      throw new PayError('invalid_request', 'Lightning wallets are connected, not created', {
        hint: 'Use `ln_wallet_create` (afpay ln wallet create)',
      });
    }
    labelOf(input.label);
    if (input.code === 'wallet_create' && input.mint_url !== undefined) checkMint(policy, input.mint_url);
    const provider = await providers.of(networkOf(input));
    const timeoutMs = timeLeftMs(call, clock, CHANGE_TIMEOUT_MS);
    const made = await boundedCall(call.signal, timeoutMs, (signal) =>
      provider.createWallet(input, { signal, request }),
    );
    return created(await store(made, input, request));
  };
}

const created = ({ id: wallet, network, address }: WalletRow): OutputOf<'wallet_created'> => ({
  code: 'wallet_created',
  wallet,
  network,
  address,
});

const networkOf = (input: CreateInput) => (input.code === 'ln_wallet_create' ? 'ln' : input.network);

/** Eight random hex digits are taken once in four billion times. */
const ATTEMPTS = 3;

type CreateInput = InputOf<'wallet_create'> | InputOf<'ln_wallet_create'>;
type CreateDeps = Pick<CoreDeps, 'providers' | 'clock' | 'newId' | 'policy'> & { rows: WalletRows };
