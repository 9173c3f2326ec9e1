import { msats } from '@caravel/domain';
import type { NwcClient, NwcInfo, NwcLookedUpInvoice, NwcOutcome } from '@caravel/nostr';
import { createLogger } from '@caravel/service';
import { checkSystemWallet, nwcSystemWallet } from './system-wallet.js';

type Answers = Partial<Record<'makeInvoice' | 'lookupInvoice', unknown>>;
const wallet = (answers: Answers) =>
  nwcSystemWallet({
    makeInvoice: () => Promise.resolve(answers.makeInvoice),
    lookupInvoice: () => Promise.resolve(answers.lookupInvoice),
  } as Pick<NwcClient, 'makeInvoice' | 'lookupInvoice'>);

describe('the system wallet', () => {
  const lookup = (answer: NwcOutcome<Partial<NwcLookedUpInvoice>>) =>
    wallet({ lookupInvoice: answer }).lookupInvoice({ paymentHash: 'h' });

  it('says settled or unsettled only when the wallet does', async () => {
    expect(await lookup({ type: 'result', settled: true })).toBe('settled');
    expect(await lookup({ type: 'result', settled: false, state: 'expired' })).toBe('unsettled');
    expect(await lookup({ type: 'result', settled: false })).toBe('unsettled');
    expect(await lookup({ type: 'result', settled: false, state: 'accepted' })).toBe('unknown');
    expect(await lookup({ type: 'error', code: 'NOT_FOUND', message: '' })).toBe('unknown');
    expect(await lookup({ type: 'silence', phase: 'not-sent' })).toBe('unknown');
  });

  it('makes an invoice or none', async () => {
    const request = { amountMsats: msats(1000n), description: 'd', expiryS: 3600 };
    const made = { type: 'result', invoice: 'lnbc1', paymentHash: 'h' };
    expect(await wallet({ makeInvoice: made }).makeInvoice(request)).toEqual({ lnbc: 'lnbc1', paymentHash: 'h' });
    const silent = wallet({ makeInvoice: { type: 'silence', phase: 'sent' } });
    expect(await silent.makeInvoice(request)).toBeNull();
  });

  const warnings = async (answer: NwcOutcome<Partial<NwcInfo>>): Promise<number> => {
    const lines: string[] = [];
    const log = createLogger({ service: 'test', destination: { write: (line) => lines.push(line) } });
    await checkSystemWallet({ getInfo: () => Promise.resolve(answer as NwcOutcome<NwcInfo>) }, log);
    return lines.length;
  };

  it('must be able to make and look up invoices, and had better not be able to spend', async () => {
    const receives = ['get_info', 'make_invoice', 'lookup_invoice'];
    expect(await warnings({ type: 'result', methods: receives })).toBe(0);
    expect(await warnings({ type: 'result', methods: [...receives, 'pay_invoice'] })).toBe(1);
    await expect(warnings({ type: 'result', methods: ['make_invoice'] })).rejects.toThrow(/lookup_invoice/);
  });

  it('that does not answer at start is no reason not to start', async () => {
    expect(await warnings({ type: 'silence', phase: 'not-sent' })).toBe(1);
  });
});
