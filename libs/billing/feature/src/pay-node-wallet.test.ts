import { msats } from '@caravel/domain';
import { payIdMaker, PayError } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import { createLogger } from '@caravel/service';
import { checkPayNodeWallet, payNodeWallet } from './pay-node-wallet.js';

const HASH = 'ab'.repeat(32);
const item = {
  transaction_id: HASH,
  wallet: 'w_1',
  network: 'ln',
  direction: 'receive',
  amount: { value: 1n, token: 'sats' },
  status: 'pending',
  created_at_epoch_s: 1,
} as const;

function node(answer: object | Error) {
  const asked: Input[] = [];
  const client = {
    call: (input: Input) => {
      asked.push(input);
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve([{ code: 'log', event: 'x' }, answer] as Output[]);
    },
  };
  return { asked, deps: { client, wallet: 'system', newId: payIdMaker() } };
}

describe('the system wallet on a pay-node', () => {
  const lookup = (answer: object | Error) => payNodeWallet(node(answer).deps).lookupInvoice({ paymentHash: HASH });
  const status = { code: 'history_status', transaction_id: HASH, status: 'pending', item };

  it('says settled or unsettled only when the node could ask the network', async () => {
    expect(await lookup({ ...status, status: 'confirmed' })).toBe('settled');
    expect(await lookup(status)).toBe('unsettled');
    expect(await lookup({ ...status, status: 'failed' })).toBe('unsettled');
    expect(await lookup({ ...status, stale: true })).toBe('unknown');
    expect(await lookup({ ...status, item: undefined })).toBe('unknown');
    expect(await lookup({ ...status, item: { ...item, direction: 'send' } })).toBe('unknown');
    expect(await lookup({ ...status, transaction_id: 'other' })).toBe('unknown');
    expect(await lookup({ code: 'error', error_code: 'wallet_not_found', error: '', retryable: false })).toBe(
      'unknown',
    );
    expect(await lookup(new PayError('connect_error', 'away'))).toBe('unknown');
  });

  const request = { amountMsats: msats(21_000n), description: 'd', expiryS: 3600 };

  it('makes an invoice of the amount, the text and the expiry, each under an id of its own', async () => {
    const { asked, deps } = node({
      code: 'receive_info',
      wallet: 'w_1',
      receive_info: { invoice: 'lnbc1', quote_id: HASH },
    });
    const wallet = payNodeWallet(deps);
    expect(await wallet.makeInvoice(request)).toEqual({ lnbc: 'lnbc1', paymentHash: HASH });
    await wallet.makeInvoice(request);
    expect(asked[0]).toMatchObject({
      code: 'receive',
      network: 'ln',
      wallet: 'system',
      amount: { value: 21n, token: 'sats' },
      onchain_memo: 'd',
      invoice_expiry_s: 3600,
    });
    expect(new Set(asked.map((input) => 'id' in input && input.id)).size).toBe(2);
  });

  it('makes none when the node has none to give, or of a part of a sat', async () => {
    const made = (answer: object | Error) => payNodeWallet(node(answer).deps).makeInvoice(request);
    expect(await made({ code: 'receive_info', wallet: 'w_1', receive_info: { address: 'lno1' } })).toBeNull();
    expect(await made({ code: 'error', error_code: 'network_error', error: '', retryable: true })).toBeNull();
    expect(await made(new PayError('unavailable', 'cut'))).toBeNull();
    const { asked, deps } = node({});
    expect(await payNodeWallet(deps).makeInvoice({ ...request, amountMsats: msats(21_001n) })).toBeNull();
    expect(asked).toEqual([]);
  });

  it('is looked for at start, and waited for', async () => {
    const warnings = async (answer: object | Error): Promise<number> => {
      const lines: string[] = [];
      const log = createLogger({ service: 'test', destination: { write: (line) => lines.push(line) } });
      await checkPayNodeWallet(node(answer).deps, log);
      return lines.length;
    };
    const wallets = [{ id: 'w_1', label: 'system' }, { id: 'w_2' }];
    expect(await warnings({ code: 'wallet_list', wallets })).toBe(0);
    expect(await warnings({ code: 'wallet_list', wallets: [{ id: 'w_2' }] })).toBe(1);
    expect(await warnings(new PayError('connect_error', 'away'))).toBe(1);
  });
});
