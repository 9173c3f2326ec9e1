import { INPUTS, parseInput } from '@caravel/pay-protocol';
import type { InputCode } from '@caravel/pay-protocol';
import { aboutCommand, aboutFlag } from '../help/field-help.js';
import { helpMarkdown } from '../help/help-markdown.js';
import { helpText, PIPE_ONLY } from '../help/help-text.js';
import { COMMANDS } from './all-commands.js';
import { isOwn } from './command.js';
import { fieldOf } from './flag.js';
import { parseLine } from './parse-line.js';

const codes = Object.keys(INPUTS) as InputCode[];
const inputOf = (line: string) => {
  const { command, given } = parseLine(splitLine(line));
  if (!command || isOwn(command)) throw new Error(`${line} is no Input`);
  return parseInput({ id: 'req_1', ...command.toInput(given) });
};
const splitLine = (line: string) =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

const ownersOf = (code: InputCode) => COMMANDS.filter((command) => !isOwn(command) && command.inputs[0] === code);

test.each(codes.filter((code) => !PIPE_ONLY.includes(code)))(
  '%s has commands, and the help of each tells what it does',
  (code) => {
    const owners = ownersOf(code);
    expect(owners.length).toBeGreaterThan(0);
    for (const owner of owners) {
      const about = owner.about ?? INPUTS[code].summary;
      expect(about).not.toBe('');
      expect(helpText(owner.path)).toContain(about);
      expect(helpText([])).toContain(about);
    }
  },
);

test.each(PIPE_ONLY)('%s has no command, and help tells how a pipe says it and what it does', (code) => {
  expect(ownersOf(code)).toEqual([]);
  expect(codes).toContain(code);
  expect(helpText([])).toContain(`{"code":"${code}"} — ${INPUTS[code].summary}`);
});

/** Said by other means than a flag of the same name. */
const SAID_OTHERWISE = new Set([
  'limit_list.visited', // between nodes only
  'config.data_dir',
  'config.exchange_rate',
  'config.afpay_rpc',
  'config.providers',
  'limit_add.limit',
  'limit_set.limits',
  'cashu_receive.token',
  'config.log',
]);
const BUILT = new Set(['id', 'code', 'to', 'amount', 'network']);

test.each(codes)('every field of %s can be said on a command line', (code) => {
  const flags = COMMANDS.flatMap((command) =>
    !isOwn(command) && command.inputs.includes(code) ? command.flags.map(fieldOf) : [],
  );
  const missing = Object.keys(INPUTS[code].schema.shape).filter(
    (field) => !BUILT.has(field) && !flags.includes(field) && !SAID_OTHERWISE.has(`${code}.${field}`),
  );
  expect(missing).toEqual([]);
});

test('every command and every flag has a sentence, in help and on the page', () => {
  const silent = COMMANDS.flatMap((command) => [
    ...(aboutCommand(command) === '' ? [command.path.join(' ')] : []),
    ...command.flags.flatMap((flag) =>
      aboutFlag(flag, command) === undefined ? [`${command.path.join(' ')} --${flag.name}`] : [],
    ),
  ]);
  expect(silent).toEqual([]);
  for (const { path } of COMMANDS) expect(helpMarkdown()).toContain(`### ${path.join(' ')}\n`);
});

test('a path is one command, and no command hides a group', () => {
  const paths = COMMANDS.map(({ path }) => path.join(' '));
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths.filter((path) => paths.some((other) => other.startsWith(`${path} `)))).toEqual(
    // `limit`, `history` and such are groups only; `receive` and `send` are commands only.
    [],
  );
});

const examples = COMMANDS.flatMap((command) => (isOwn(command) ? [] : command.examples.map((line) => [line] as const)));
test.each(examples)('the example `afpay %s` is an Input', (line) => {
  expect(codes).toContain(inputOf(line).code);
});

/** The tree of afpay 0.7, the texts of its overview, and those of the architecture page. */
const LINES: [string, object][] = [
  ['send --network ln --to lnbc1abc', { code: 'send', network: 'ln', to: 'lnbc1abc' }],
  ['send --network ln --to lno1xyz --amount 1000', { code: 'send', network: 'ln', to: 'lno1xyz?amount=1000' }],
  ['--rpc-endpoint 10.0.1.5:9400 --rpc-secret abc send --network ln --to lnbc1abc', { code: 'send', to: 'lnbc1abc' }],
  ['ln send --to lno1xyz --amount-sats 1000', { code: 'send', network: 'ln', to: 'lno1xyz?amount=1000' }],
  ['cashu send-to-ln --to lnbc1abc --wallet pocket', { code: 'send', network: 'cashu', wallet: 'pocket' }],
  [
    'cashu send --amount-sats 5 --cashu-mint https://a.example --cashu-mint https://b.example',
    { code: 'cashu_send', amount: { value: 5n, token: 'sats' }, mints: ['https://a.example', 'https://b.example'] },
  ],
  [
    'send --wallet W --amount 7 --local-memo who=ann --local-memo lunch',
    { code: 'cashu_send', wallet: 'W', local_memo: { who: 'ann', note: 'lunch' } },
  ],
  [
    'send --network cashu --cashu-mint https://a.example --amount 7',
    { code: 'cashu_send', mints: ['https://a.example'] },
  ],
  ['cashu receive cashuBabc --wallet pocket', { code: 'cashu_receive', token: 'cashuBabc', wallet: 'pocket' }],
  ['receive --cashu-token cashuBabc', { code: 'cashu_receive', token: 'cashuBabc' }],
  ['receive --network cashu --ln-quote-id Q', { code: 'receive_claim', quote_id: 'Q' }],
  [
    'cashu receive-from-ln-claim --wallet pocket --ln-quote-id Q',
    { code: 'receive_claim', wallet: 'pocket', quote_id: 'Q' },
  ],
  [
    'cashu receive-from-ln --amount-sats 9 --onchain-memo m',
    { code: 'receive', network: 'cashu', onchain_memo: 'm', amount: { value: 9n, token: 'sats' } },
  ],
  [
    'ln receive --amount-sats 9 --wait --wait-timeout-s 60 --wait-poll-interval-ms 500',
    { code: 'receive', wait_until_paid: true, wait_timeout_s: 60, wait_poll_interval_ms: 500 },
  ],
  ['receive --network ln', { code: 'receive', network: 'ln' }],
  [
    'receive --wallet W --wait --amount 5 --token usdc --onchain-memo m --wait-sync-limit 9',
    { code: 'receive', wallet: 'W', amount: { value: 5n, token: 'usdc' }, wait_sync_limit: 9 },
  ],
  [
    'btc receive --wait-sync-limit 9 --qr-svg-file',
    { code: 'receive', network: 'btc', wait_sync_limit: 9, write_qr_svg_file: true },
  ],
  [
    'sol receive --min-confirmations 3 --reference R',
    { code: 'receive', network: 'sol', min_confirmations: 3, reference: 'R' },
  ],
  [
    'sol send --to 9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin --amount 1 --token usdc --reference R1',
    { code: 'send', to: 'solana:9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin?amount=1&token=usdc&reference=R1' },
  ],
  [
    'send --network evm --to 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --amount 1000000000000000000000000000000 --token 0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    {
      to: 'ethereum:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed?amount=1000000000000000000000000000000&token=0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    },
  ],
  [
    'btc send --to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq --amount-sats 7',
    { to: 'bitcoin:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq?amount=7' },
  ],
  [
    'send --network btc --to bitcoin:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq --amount 7',
    { to: 'bitcoin:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq?amount=7' },
  ],
  [
    'cashu wallet create --cashu-mint https://a.example --label L',
    { code: 'wallet_create', network: 'cashu', mint_url: 'https://a.example', label: 'L' },
  ],
  [
    'ln wallet create --backend nwc --nwc-uri-secret U',
    { code: 'ln_wallet_create', backend: 'nwc', nwc_uri_secret: 'U' },
  ],
  [
    'wallet create --network ln --backend phoenixd --endpoint E --password-secret P',
    { code: 'ln_wallet_create', endpoint: 'E', password_secret: 'P' },
  ],
  [
    'wallet create --network ln --backend lnbits --endpoint E --admin-key-secret K',
    { code: 'ln_wallet_create', admin_key_secret: 'K' },
  ],
  [
    'wallet create --network cashu --cashu-mint https://a.example --label L',
    { code: 'wallet_create', mint_url: 'https://a.example' },
  ],
  [
    'wallet create --network sol --sol-rpc-endpoint a --sol-rpc-endpoint b',
    { code: 'wallet_create', rpc_endpoints: ['a', 'b'] },
  ],
  [
    'wallet create --network evm --evm-rpc-endpoint a --evm-chain-id 1',
    { code: 'wallet_create', rpc_endpoints: ['a'], chain_id: 1 },
  ],
  [
    'wallet create --network btc --btc-network signet --btc-backend core-rpc --btc-core-url u --btc-core-auth-secret a:b',
    { code: 'wallet_create', btc_network: 'signet', btc_core_auth_secret: 'a:b' },
  ],
  ['wallet dangerously-show-seed --wallet W', { code: 'local_wallet_show_seed', wallet: 'W' }],
  [
    'ln wallet close --wallet W --dangerously-skip-balance-check-and-may-lose-money',
    { code: 'wallet_close', dangerously_skip_balance_check_and_may_lose_money: true },
  ],
  ['cashu wallet restore --wallet W', { code: 'restore', wallet: 'W' }],
  ['cashu balance --check', { code: 'balance', network: 'cashu', check: true }],
  ['balance --network evm --cashu-check', { code: 'balance', network: 'evm', check: true }],
  ['wallet list', { code: 'wallet_list' }],
  [
    'evm config --wallet W set --rpc-endpoint a --rpc-endpoint b --chain-id 5 --label L',
    { code: 'wallet_config_set', wallet: 'W', rpc_endpoints: ['a', 'b'], chain_id: 5, label: 'L' },
  ],
  [
    'evm config --wallet W token-add --symbol S --address A',
    { code: 'wallet_config_token_add', symbol: 's', decimals: 6 },
  ],
  ['sol config --wallet W token-add --symbol S --address A --decimals 9', { decimals: 9 }],
  ['sol config --wallet W token-remove --symbol S', { code: 'wallet_config_token_remove', wallet: 'W' }],
  ['ln config show --wallet W', { code: 'wallet_config_show', wallet: 'W' }],
  [
    'history list --since-epoch-s 1 --until-epoch-s 2 --onchain-memo m',
    { code: 'history', since_epoch_s: 1, until_epoch_s: 2, onchain_memo: 'm', limit: 20 },
  ],
  ['history update --network ln', { code: 'history_update', limit: 200 }],
  ['history status --transaction-id T', { code: 'history_status', transaction_id: 'T' }],
  [
    'cashu limit add --window 1h --max-spend 5',
    { limit: { scope: 'network', network: 'cashu', window_s: 3600, max_spend: 5n } },
  ],
  [
    'cashu limit --wallet W add --window 90m --max-spend 5',
    { limit: { scope: 'wallet', network: 'cashu', wallet: 'W', window_s: 5400, max_spend: 5n } },
  ],
  [
    'sol limit add --token native --window 1d --max-spend 5',
    { limit: { scope: 'network', network: 'sol', token: 'native', window_s: 86_400, max_spend: 5n } },
  ],
  [
    'global limit add --window 24h --max-spend 500000',
    { limit: { scope: 'global_usd_cents', window_s: 86_400, max_spend: 500_000n } },
  ],
  [
    'limit add wallet:w_1a2b3c4d:1h:10000sats',
    { limit: { scope: 'wallet', wallet: 'w_1a2b3c4d', window_s: 3600, max_spend: 10_000n } },
  ],
  [
    'limit add wallet:w_1a2b3c4d:1h:5gwei',
    { limit: { scope: 'wallet', wallet: 'w_1a2b3c4d', window_s: 3600, max_spend: 5_000_000_000n } },
  ],
  [
    'limit add network:cashu:1h:10000sats',
    { limit: { scope: 'network', network: 'cashu', window_s: 3600, max_spend: 10_000n } },
  ],
  ['limit add all:24h:5000usd', { limit: { scope: 'global_usd_cents', window_s: 86_400, max_spend: 500_000n } }],
  [
    'limit set all:24h:5usd network:ln:1h:5sats',
    { code: 'limit_set', limits: [{ max_spend: 500n }, { network: 'ln' }] },
  ],
  ['limit remove --rule-id r_1', { code: 'limit_remove', rule_id: 'r_1' }],
  ['payment status --request-id req_0 --close-if-unknown', { code: 'payment_status', close_if_unknown: true }],
  ['global config set --log Pay,rpc,,pay', { code: 'config', log: ['pay', 'rpc'] }],
];
test.each(LINES)('afpay %s', (line, expected) => {
  expect(inputOf(line)).toMatchObject(expected);
});

test('flags that stand anywhere do; where a command has one of the same name, its own is meant behind its words', () => {
  const parsed = parseLine([
    '--output',
    'yaml',
    'evm',
    '--dry-run',
    'config',
    '--wallet',
    'W',
    'set',
    '--rpc-endpoint',
    'a',
  ]);
  expect(parsed.globals.text('output')).toBe('yaml');
  expect(parsed.globals.isOn('dry-run')).toBe(true);
  expect(parsed.globals.text('rpc-endpoint')).toBeUndefined();
  expect(parsed.given.list('rpc-endpoint')).toEqual(['a']);
  const remote = parseLine(['--rpc-endpoint', 'h:1', 'evm', 'config', 'set', '--wallet', 'W', '--rpc-endpoint', 'a']);
  expect(remote.globals.text('rpc-endpoint')).toBe('h:1');
  expect(parseLine(['ln', 'balance', '--output', 'plain', '--data-dir', '/d']).globals.text('data-dir')).toBe('/d');
});

const WRONG: [string, RegExp][] = [
  ['lm send', /unknown command 'lm'/],
  ['ln wallet', /not complete/],
  ['ln send', /--to is needed/],
  ['ln send --to', /argument missing/],
  ['ln send --to lnbc1 --amount-sats 5', /carries its amount/],
  ['ln send --to lno1x', /needs an amount/],
  ['ln send --to hello', /not a BOLT11/],
  ['ln send --to lnbc1 --onchain-memo m', /unknown option '--onchain-memo'/],
  ['btc send --to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq --amount-sats 1.5', /--amount-sats: not a whole number/],
  ['btc send --to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq --amount-sats -5', /--amount-sats: not a whole number/],
  ['sol send --to 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --amount 1 --token usdc', /not an address of Solana/],
  ['evm send --to 0x5a --amount 1 --token usdc', /not an address of an EVM chain/],
  ['send --amount 5 --network ln', /--to is needed/],
  ['send --to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq --amount 5', /--network is needed/],
  ['limit add network:ln:0h:5sats', /no limit/],
  ['limit add network:ln:60s:5sats', /no limit/],
  ['ln limit add --window 60 --max-spend 5', /no limit/],
  ['balance --network doge', /--network: not a choice/],
  ['balance balance', /too many arguments/],
  ['cashu receive', /missing required argument/],
];
test.each(WRONG)('afpay %s is refused before anybody is asked', (line, expected) => {
  expect(() => inputOf(line)).toThrow(expected);
});

test('no complaint repeats a value: it may be a secret', () => {
  for (const line of [
    'ln wallet create --backend hunter2 --password-secret hunter2',
    'btc send --to hunter2hunter2! --amount-sats hunter2',
    'history list --limit hunter2',
    'wallet create --network hunter2',
    'limit add --scope hunter2 --window 1h --max-spend 5',
  ]) {
    try {
      inputOf(line);
      throw new Error('it was taken');
    } catch (error) {
      expect(String(error)).not.toContain('hunter2h');
      expect(String(error)).not.toMatch(/hunter2/);
    }
  }
});
