import type { Provider } from '@caravel/pay-provider';
import { RpcError } from '@caravel/pay-rpc';
import { downstreamId } from './downstream-id.js';
import { remoteProvider } from './remote-provider.js';
import { OWN_NODE, startStrictNode, WALLET } from './testing/strict-node.js';

const sats = (value: bigint) => ({ value, token: 'sats' });
const call = () => ({ signal: new AbortController().signal });
const request = { keyName: 'default', id: 'r1' };
const ID = downstreamId(OWN_NODE, request);
const error = (error_code: string) => ({ code: 'error', error_code, error: 'said', hint: 'so', retryable: false });

let node: Awaited<ReturnType<typeof startStrictNode>>;
let provider: Provider;
beforeEach(async () => {
  node = await startStrictNode();
  provider = node.provider();
});
afterEach(() => node.stop());

describe('wallets of another node', () => {
  it('are made there, keep their id, and leave no secret here', async () => {
    node.answer('ln_wallet_create', () => ({
      code: 'wallet_created',
      wallet: 'w_1',
      network: 'ln',
      address: 'ln:nwc',
    }));
    const input = {
      code: 'ln_wallet_create',
      id: 'r1',
      backend: 'nwc',
      nwc_uri_secret: 'nostr+walletconnect://x',
    } as const;
    expect(await provider.createWallet(input, { ...call(), request })).toEqual({
      id: 'w_1',
      address: 'ln:nwc',
      backend: 'nwc',
      settings: {},
      secrets: {},
    });
    expect(node.asked).toEqual([{ ...input, id: ID }]);
  });

  it('are closed there', async () => {
    node.answer('wallet_close', ({ wallet }) => ({ code: 'wallet_closed', wallet }));
    await provider.closeWallet?.(WALLET, { ...call(), request });
    expect(node.asked).toEqual([{ code: 'wallet_close', id: ID, wallet: 'w_below' }]);
  });

  it('tell what they hold, or why they cannot', async () => {
    const summary = { id: 'w_below', network: 'ln', address: 'ln:nwc', created_at_epoch_s: 1 };
    const balance = { confirmed: 5n, pending: 0n, unit: 'sats' };
    node.answer('balance', () => ({ code: 'wallet_balances', wallets: [{ ...summary, balance }] }));
    expect(await provider.balance(WALLET, call())).toEqual(balance);
    node.answer('balance', () => ({ code: 'wallet_balances', wallets: [{ ...summary, error: 'away' }] }));
    await expect(provider.balance(WALLET, call())).rejects.toMatchObject({ code: 'network_error', message: 'away' });
    node.answer('balance', () => error('wallet_not_found'));
    await expect(provider.balance(WALLET, call())).rejects.toMatchObject({
      code: 'wallet_not_found',
      message: 'said',
      hint: 'so',
    });
  });

  it('are listed, and a network that fails there fails here', async () => {
    const wallet = { id: 'w_1', network: 'ln', address: 'ln:nwc', created_at_epoch_s: 1 };
    const other = { ...wallet, id: 'w_2', network: 'btc' };
    node.answer('wallet_list', () => ({ code: 'wallet_list', wallets: [wallet, other] }));
    expect(await provider.listWallets?.(call())).toEqual([wallet]);
    const errors = [{ network: 'ln', error_code: 'network_error', error: 'away' }];
    node.answer('wallet_list', () => ({ code: 'wallet_list', wallets: [], errors }));
    await expect(provider.listWallets?.(call())).rejects.toMatchObject({ code: 'network_error' });
  });
});

describe('being paid through another node', () => {
  it('asks for an invoice under the id made of ours, so that a repeat gets the same one', async () => {
    const told = { invoice: 'lnbc1', quote_id: 'q' };
    node.answer('receive', () => ({ code: 'receive_info', wallet: 'w_below', receive_info: told }));
    const ask = { amount: sats(5n), memo: 'm' };
    expect(await provider.receiveInfo(WALLET, ask, { ...call(), request })).toEqual({ invoice: 'lnbc1', quoteId: 'q' });
    await provider.receiveInfo(WALLET, ask, { ...call(), request });
    await provider.receiveInfo(WALLET, ask, call());
    const ids = node.asked.map((input) => ('id' in input ? input.id : ''));
    expect(ids.slice(0, 2)).toEqual([ID, ID]);
    expect(ids[2]).not.toBe(ID);
    expect(node.asked[0]).toMatchObject({ wallet: 'w_below', network: 'ln', onchain_memo: 'm', amount: sats(5n) });
  });

  it('looks each time anew whether it was paid', async () => {
    const awaited = { quoteId: 'q', sinceMs: 0, syncLimit: 500 };
    node.answer('receive_claim', () => ({ ...error('network_error'), retryable: true }));
    expect(await provider.receipt?.(WALLET, awaited, call())).toEqual({ state: 'pending' });
    node.answer('receive_claim', () => error('network_error'));
    expect(await provider.receipt?.(WALLET, awaited, call())).toEqual({ state: 'failed', reason: 'said' });
    node.answer('receive_claim', () => ({ code: 'receive_claimed', wallet: 'w_below', amount: sats(5n) }));
    expect(await provider.receipt?.(WALLET, awaited, call())).toMatchObject({
      state: 'paid',
      record: { transactionId: 'q', direction: 'receive', amount: sats(5n), status: 'confirmed' },
    });
    expect(new Set(node.asked.map((input) => 'id' in input && input.id)).size).toBe(3);
    node.answer('receive_claim', () => error('wallet_not_found'));
    await expect(provider.receipt?.(WALLET, awaited, call())).rejects.toMatchObject({ code: 'wallet_not_found' });
    const away = node.provider({ endpoint: '127.0.0.1:1' });
    await expect(away.receipt?.(WALLET, awaited, call())).rejects.toBeInstanceOf(RpcError);
  });

  it('takes the money of a token once', async () => {
    node.answer('cashu_receive', () => ({
      code: 'cashu_received',
      wallet: 'w_below',
      amount: sats(5n),
      memo: 'thanks',
    }));
    const cashu = node.provider({ network: 'cashu' });
    expect(await cashu.receiveToken?.(WALLET, 'cashuB', { ...call(), request })).toEqual({
      amount: sats(5n),
      memo: 'thanks',
    });
    expect(node.asked).toMatchObject([{ id: ID, token: 'cashuB' }]);
    expect(provider.receiveToken).toBeUndefined();
  });
});

describe('the history of another node', () => {
  const item = {
    transaction_id: 'tx',
    wallet: 'w_below',
    network: 'ln',
    direction: 'send',
    amount: sats(5n),
    fee: sats(1n),
    status: 'pending',
    onchain_memo: 'm',
    created_at_epoch_s: 7,
  };
  const record = {
    transactionId: 'tx',
    direction: 'send',
    amount: sats(5n),
    fee: sats(1n),
    memo: 'm',
    createdAtMs: 7000,
  };

  it('is read after the node has looked at its network', async () => {
    const counts = { wallets_synced: 1, records_scanned: 1, records_added: 0, records_updated: 0 };
    node.answer('history_update', () => ({ code: 'history_updated', ...counts }));
    node.answer('history', () => ({ code: 'history', items: [item] }));
    expect(await provider.transactions(WALLET, { ...call(), limit: 2000 })).toMatchObject([
      { ...record, status: 'pending' },
    ]);
    expect(node.asked).toMatchObject([
      { code: 'history_update', limit: 2000 },
      { code: 'history', limit: 1000 },
    ]);
  });

  it('says how far a transaction is, and nothing of one that it does not know', async () => {
    node.answer('history_status', () => ({
      code: 'history_status',
      transaction_id: 'tx',
      status: 'confirmed',
      confirmations: 3,
      item,
    }));
    expect(await provider.transaction?.(WALLET, 'tx', call())).toMatchObject({
      ...record,
      status: 'confirmed',
      confirmations: 3,
    });
    node.answer('history_status', () => ({
      code: 'history_status',
      transaction_id: 'tx',
      status: 'pending',
      stale: true,
      item,
    }));
    await expect(provider.transaction?.(WALLET, 'tx', call())).rejects.toMatchObject({ code: 'network_error' });
    node.answer('history_status', () => error('wallet_not_found'));
    expect(await provider.transaction?.(WALLET, 'tx', call())).toBeUndefined();
  });
});

describe('a quote', () => {
  it('of a node that speaks as afpay 0.7 and knows none is told apart from one that is refused', async () => {
    const refusal = new RpcError('invalid_argument', 'unknown variant', { isSent: true });
    const client = {
      call: () => Promise.reject(refusal),
      watch: noWatch,
      nodeId: () => Promise.resolve(undefined),
      close: () => undefined,
    };
    const deps = { network: 'ln', endpoint: 'x:1', nodeId: OWN_NODE, newId: () => 'req_1', nowMs: () => 0 } as const;
    const ask = { kind: 'send', requestId: 'r1', requestKey: 'default', to: 'lnbc1' } as const;
    const quoteAs = (protocol: 'v1' | 'v2') => remoteProvider({ ...deps, protocol, client }).quote(WALLET, ask, call());
    await expect(quoteAs('v1')).rejects.toMatchObject({ code: 'quote_unavailable', retryable: false });
    await expect(quoteAs('v2')).rejects.toBe(refusal);
  });
});

async function* noWatch() {
  await Promise.resolve();
  yield* [];
}
