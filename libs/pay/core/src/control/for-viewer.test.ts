import type { HistoryRecord, Output } from '@caravel/pay-protocol';
import { forViewer } from './for-viewer.js';

const ITEM: HistoryRecord = {
  transaction_id: 'hash',
  wallet: 'w_1',
  network: 'ln',
  direction: 'send',
  amount: { value: 5n, token: 'sats' },
  status: 'confirmed',
  preimage: 'preimage of a payment',
  created_at_epoch_s: 1,
};
const STATUS: Output = {
  code: 'history_status',
  transaction_id: 'hash',
  status: 'confirmed',
  preimage: 'preimage of a payment',
  item: ITEM,
};

describe('what a key that only looks is told', () => {
  it.each<Output>([{ code: 'history', items: [ITEM, ITEM] }, STATUS])(
    'has everything but preimages: $code',
    (output) => {
      const told = JSON.stringify(forViewer(output), (_, value: unknown) => (typeof value === 'bigint' ? '5' : value));
      expect(told).not.toContain('preimage');
      expect(told).toContain('confirmed');
    },
  );

  it('is the same otherwise', () => {
    const output: Output = { code: 'wallet_closed', wallet: 'w_1' };
    expect(forViewer(output)).toBe(output);
  });
});
