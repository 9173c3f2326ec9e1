import { parseInput } from '@caravel/pay-protocol';
import type { Input, INPUTS } from '@caravel/pay-protocol';

/** One of each; a new Input without an entry here does not compile. Secrets stand wherever one may. */
export function everyInput(wallet: string, { mnemonic, password, nwc, token }: Secrets): (Input & { code: string })[] {
  const id = 'x';
  const limit = { scope: 'network', network: 'ln', window_s: 60, max_spend: 1 };
  const request_id = 'pay';
  const symbol = 'x';
  const fields: Record<keyof typeof INPUTS, object> = {
    wallet_create: { network: 'evm', mnemonic_secret: mnemonic, btc_core_auth_secret: `u:${password}` },
    ln_wallet_create: {
      backend: 'nwc',
      nwc_uri_secret: nwc,
      password_secret: password,
      admin_key_secret: password,
    },
    wallet_close: { wallet },
    wallet_list: {},
    balance: { wallet },
    restore: { wallet },
    local_wallet_show_seed: { wallet },
    send: { wallet, to: '5|bob' },
    send_quote: { wallet, to: '5|bob' },
    cashu_send: { amount: { value: 5, token: 'sats' } },
    cashu_receive: { token },
    payment_status: { request_id },
    payment_resolve: { request_id, outcome: 'sent', reason: 'seen' },
    approve: { request_id },
    deny: { request_id },
    receive: { wallet, amount: { value: 5, token: 'sats' } },
    receive_claim: { wallet, quote_id: 'q1' },
    watch: { request_id },
    history: {},
    history_status: { transaction_id: 'ab' },
    history_update: { wallet },
    limit_add: { limit },
    limit_remove: { rule_id: 'r_1' },
    limit_set: { limits: [limit] },
    limit_list: {},
    wallet_config_show: { wallet },
    wallet_config_set: { wallet, label: 'purse' },
    wallet_config_token_add: { wallet, symbol, address: '0x', decimals: 6 },
    wallet_config_token_remove: { wallet, symbol },
    config: { log: ['*'] },
    config_show: {},
    version: {},
    close: {},
  };
  return Object.entries(fields).map(([code, more]) => parseInput({ code, id: `${id}-${code}`, ...more }));
}

interface Secrets {
  mnemonic: string;
  password: string;
  nwc: string;
  token: string;
}
