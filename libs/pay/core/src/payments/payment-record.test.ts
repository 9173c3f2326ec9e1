import { errorOutput, PayError } from '@caravel/pay-protocol';
import { readOutcome } from './payment-record.js';

const amount = { value: 1n, token: 'sats' };
const sent = { outcome: 'sent', transactionId: 't', amount, debits: [], status: 'confirmed' };
const refused = { outcome: 'not_sent', answer: errorOutput(new PayError('network_error', 'no')) };

describe('the word of a provider', () => {
  it('is taken when it has the form of a proof', () => {
    expect(readOutcome(sent)).toEqual(sent);
    expect(readOutcome(refused)).toEqual(refused);
    expect(readOutcome({ outcome: 'unknown', reason: 'silence' })).toEqual({ outcome: 'unknown', reason: 'silence' });
  });

  it.each([
    undefined,
    null,
    'sent',
    { outcome: 'not_sent' },
    { ...refused, answer: { code: 'sent' } },
    { ...sent, transactionId: '' },
    { ...sent, debits: undefined },
    { ...sent, debits: [{ unit: 'sats', amount: -1n }] },
    { outcome: 'unknown' },
  ])('proves nothing otherwise (%#)', (said) => {
    expect(readOutcome(said).outcome).toBe('unknown');
  });
});
