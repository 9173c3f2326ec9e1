import { INPUTS, parseInput } from '@caravel/pay-protocol';
import type { Input, InputCode } from '@caravel/pay-protocol';
import { CANARY, CANARY_WORDS } from './test-network.js';

/** One Input of each code, about a Lightning wallet; whatever can be secret is a planted one. */
export function exampleInputs(wallet: string): Readonly<Record<InputCode, Input>> {
  const fields: Record<InputCode, object> = {
    wallet_create: { network: 'cashu', mint_url: 'https://mint.example', mnemonic_secret: CANARY_WORDS },
    ln_wallet_create: { backend: 'nwc', nwc_uri_secret: `nostr+walletconnect://${CANARY}` },
    wallet_close: { wallet: 'w_nothere0' },
    wallet_list: {},
    balance: { check: true },
    restore: { wallet },
    local_wallet_show_seed: { wallet },
    wallet_config_show: { wallet },
    wallet_config_set: { wallet, label: 'till' },
    wallet_config_token_add: { wallet, symbol: 'x', address: '0x1', decimals: 6 },
    wallet_config_token_remove: { wallet, symbol: 'x' },
    send: { to: 'lnbc1', network: 'ln' },
    send_quote: { to: 'lnbc1', network: 'ln' },
    cashu_send: { amount: { value: 1, token: 'sats' } },
    cashu_receive: { token: `cashuB${CANARY}` },
    payment_status: { request_id: 'send' },
    payment_resolve: { request_id: 'nothing', outcome: 'sent', reason: 'told' },
    approve: { request_id: 'nothing' },
    deny: { request_id: 'nothing' },
    receive: { wallet, amount: { value: 5, token: 'sats' } },
    receive_claim: { wallet, quote_id: 'quote-1' },
    watch: { request_id: 'nothing' },
    history: {},
    history_status: { transaction_id: 'nothing' },
    history_update: {},
    limit_add: { limit: { network: 'ln', window_s: 3600, max_spend: 10_000 } },
    limit_remove: { rule_id: 'r_01234567' },
    limit_set: { limits: [] },
    limit_list: {},
    config: { log: ['pay'] },
    config_show: {},
    version: {},
    close: {},
  };
  const read = (code: InputCode) =>
    parseInput({ code, ...('id' in INPUTS[code].schema.shape && { id: code }), ...fields[code] });
  const codes = Object.keys(INPUTS) as InputCode[];
  return Object.fromEntries(codes.map((code) => [code, read(code)])) as Record<InputCode, Input>;
}
