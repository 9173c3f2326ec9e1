import { NETWORKS } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import { UsageError } from '../usage-error.js';
import type { InputCommand } from './command.js';
import { integer, list, required, text, toggle } from './flag.js';
import type { Flag } from './flag.js';
import { networkFlag } from './payment-target.js';
import { LABEL, NETWORK, WALLET } from './shared-flags.js';

const MNEMONIC = text('mnemonic-secret', 'WORDS');
const CASHU = [text('cashu-mint', 'URL', { field: 'mint_url' })];
const LN = [
  text('backend', 'B', { choices: ['nwc', 'phoenixd', 'lnbits'] }),
  text('nwc-uri-secret', 'URI'),
  text('endpoint', 'URL'),
  text('password-secret', 'P'),
  text('admin-key-secret', 'KEY'),
];
const SOL = [list('sol-rpc-endpoint', 'URL', { field: 'rpc_endpoints' })];
const EVM = [list('evm-rpc-endpoint', 'URL', { field: 'rpc_endpoints' })];
const BTC = [
  text('btc-network', 'N', { choices: ['mainnet', 'signet', 'regtest'] }),
  text('btc-address-type', 'T', { choices: ['taproot', 'segwit'] }),
  text('btc-backend', 'B', { choices: ['esplora', 'core-rpc', 'electrum'] }),
  text('btc-esplora-url', 'URL'),
  text('btc-core-url', 'URL'),
  text('btc-core-auth-secret', 'A'),
  text('btc-electrum-url', 'URL'),
];
const CHAIN_ID = integer('chain-id');

const CREATE: Readonly<Record<Network, { flags: readonly Flag[]; example: string }>> = {
  cashu: {
    flags: [required(CASHU[0] ?? WALLET), LABEL, MNEMONIC],
    example: 'cashu wallet create --cashu-mint https://mint.example --label pocket',
  },
  ln: {
    flags: [...LN.map((flag) => (flag.name === 'backend' ? required(flag) : flag)), LABEL],
    example: 'ln wallet create --backend phoenixd --endpoint http://127.0.0.1:9740 --password-secret …',
  },
  btc: { flags: [...BTC, MNEMONIC, LABEL], example: 'btc wallet create --btc-network signet --label cold' },
  evm: {
    flags: [...EVM.map(required), CHAIN_ID, MNEMONIC, LABEL],
    example: 'evm wallet create --evm-rpc-endpoint https://mainnet.base.org',
  },
  sol: {
    flags: [...SOL.map(required), MNEMONIC, LABEL],
    example: 'sol wallet create --sol-rpc-endpoint https://api.mainnet-beta.solana.com',
  },
};

/** `wallet create --network …`: the flags of all networks; which fit is for the network to say. */
const createAny: InputCommand = {
  path: ['wallet', 'create'],
  inputs: ['wallet_create', 'ln_wallet_create'],
  flags: [
    required(NETWORK),
    LABEL,
    ...CASHU,
    ...LN,
    ...SOL,
    { ...(EVM[0] ?? WALLET), field: null, about: 'evm: RPC endpoints, tried in this order' },
    CHAIN_ID,
    integer('evm-chain-id', { field: null, about: 'evm: the same as --chain-id' }),
    ...BTC,
    MNEMONIC,
  ],
  examples: [
    'wallet create --network cashu --cashu-mint https://mint.example',
    'wallet create --network ln --backend nwc --nwc-uri-secret nostr+walletconnect://…',
    'wallet create --network evm --evm-rpc-endpoint https://mainnet.base.org --evm-chain-id 8453',
  ],
  toInput: (given) => {
    const network = networkFlag(given.need('network'));
    const { backend, ...fields } = given.fields();
    if (network === 'ln') {
      if (backend === undefined) throw new UsageError('--backend is needed', 'nwc, phoenixd or lnbits');
      return { code: 'ln_wallet_create', backend, ...fields };
    }
    if (backend !== undefined) throw new UsageError('--backend: only Lightning has backends', 'btc: --btc-backend');
    const [rpc_endpoints, chain_id] = [given.list('evm-rpc-endpoint'), given.integer('evm-chain-id')];
    return {
      code: 'wallet_create',
      ...fields,
      network,
      ...(rpc_endpoints && { rpc_endpoints }),
      ...(chain_id !== undefined && { chain_id }),
    };
  },
};

function createOf(network: Network): InputCommand {
  const { flags, example } = CREATE[network];
  const path = [network, 'wallet', 'create'];
  const examples = [example];
  if (network === 'ln') {
    const toInput: InputCommand['toInput'] = (given) => ({ code: 'ln_wallet_create', ...given.fields() });
    return { path, inputs: ['ln_wallet_create'], flags, examples, toInput };
  }
  const toInput: InputCommand['toInput'] = (given) => ({ code: 'wallet_create', network, ...given.fields() });
  return { path, inputs: ['wallet_create'], flags, examples, toInput };
}

/** Close, list, seed and balance, of one network or of all. */
function walletsOf(network: Network | undefined): InputCommand[] {
  const of = network === undefined ? [] : [network];
  const words = of.length > 0 ? `${of.join('')} ` : '';
  const ofNetwork = network === undefined ? [NETWORK] : [];
  const named = network === undefined ? {} : { network };
  const check = { field: 'check', name: network === undefined ? 'cashu-check' : 'check' };
  return [
    {
      path: [...of, 'wallet', 'close'],
      inputs: ['wallet_close'],
      flags: [required(WALLET), toggle('dangerously-skip-balance-check-and-may-lose-money')],
      examples: [`${words}wallet close --wallet w_1a2b3c4d`],
      toInput: (given) => ({ code: 'wallet_close', ...given.fields() }),
    },
    {
      path: [...of, 'wallet', 'list'],
      inputs: ['wallet_list'],
      flags: ofNetwork,
      examples: [`${words}wallet list`],
      toInput: (given) => ({ code: 'wallet_list', ...named, ...given.fields() }),
    },
    {
      path: [...of, 'wallet', 'dangerously-show-seed'],
      inputs: ['local_wallet_show_seed'],
      flags: [required(WALLET)],
      examples: [`${words}wallet dangerously-show-seed --wallet w_1a2b3c4d`],
      toInput: (given) => ({ code: 'local_wallet_show_seed', ...given.fields() }),
    },
    {
      path: [...of, 'balance'],
      inputs: ['balance'],
      flags: [
        WALLET,
        ...ofNetwork,
        ...(network === undefined || network === 'cashu' ? [toggle(check.name, check)] : []),
      ],
      examples: [`${words}balance`, `${words}balance --wallet pocket --output yaml`],
      toInput: (given) => ({ code: 'balance', ...named, ...given.fields() }),
    },
  ];
}

const restoreCashu: InputCommand = {
  path: ['cashu', 'wallet', 'restore'],
  inputs: ['restore'],
  flags: [required(WALLET)],
  examples: ['cashu wallet restore --wallet pocket'],
  toInput: (given) => ({ code: 'restore', ...given.fields() }),
};

export const walletCommands: readonly InputCommand[] = [
  createAny,
  ...walletsOf(undefined),
  ...NETWORKS.flatMap((network) => [createOf(network), ...walletsOf(network)]),
  restoreCashu,
];
