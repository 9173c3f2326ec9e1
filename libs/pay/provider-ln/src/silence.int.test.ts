import { manualClock } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';
import type { Outcome, Provider } from '@caravel/pay-provider';
import type { LedgerNode } from '@caravel/stand-ins';
import { eventually } from '@caravel/testing';
import { lightningProvider } from './lightning-provider.js';
import { connected } from './testing/connected.js';
import type { Connected } from './testing/connected.js';
import { BACKENDS, ledgerNodes, startPeer } from './testing/lightning-peers.js';
import type { Peer } from './testing/lightning-peers.js';
import type { Silence } from './testing/silent-proxy.js';

const EXPIRY_S = 600;
/** The invoice ran out and the ten minutes of grace are over with the next second. */
const GRACE_S = EXPIRY_S + 600;

describe.each(BACKENDS)('silence of %s', (backend) => {
  let clock: ReturnType<typeof manualClock>;
  let payer: LedgerNode;
  let payee: LedgerNode;
  let peer: Peer;
  const providers: Provider[] = [];

  /** Over a connection of its own: that of before may be half dead. */
  async function wallet(): Promise<Connected> {
    const provider = lightningProvider({ clock });
    providers.push(provider);
    return connected(provider, peer);
  }
  beforeEach(async () => {
    clock = manualClock(1_800_000_000);
    ({ payer, payee } = ledgerNodes(clock));
    peer = await startPeer(backend, { node: payer, clock });
  });
  afterEach(async () => {
    for (const provider of providers.splice(0)) await provider.close?.();
    await peer.stop();
  });

  const isSettled = async () => (await peer.ledger()).outgoing.some(({ state }) => state === 'paid');
  const isUnderWay = async () => (await peer.ledger()).outgoing.some(({ state }) => state === 'pending');
  const spentSats = async (before: bigint) => (before - (await payer.balanceMsats()) + 999n) / 1000n;

  /** Dispatches into a silence and gives up when `happened`. */
  async function intoSilence(how: Silence, happened: () => boolean | Promise<boolean>) {
    const invoice = await payee.createInvoice({ amountMsats: 1_000_000n, description: 'x', expiryS: EXPIRY_S });
    const payerWallet = await wallet();
    const { artefact = '' } = await payerWallet.quote(invoice);
    const caller = new AbortController();
    peer.proxy.silence(how);
    const answer = payerWallet.dispatch(artefact, caller.signal);
    await eventually(happened);
    caller.abort();
    const outcome = await answer;
    peer.proxy.silence(undefined);
    return { artefact, outcome, paymentHash: decodeBolt11(invoice).paymentHash };
  }
  const resolved = async (artefact: string): Promise<Outcome> => (await wallet()).resolve(artefact);

  it('before the request: unknown while the invoice could still be paid, then proven not sent', async () => {
    const before = await payer.balanceMsats();
    const { artefact, outcome } = await intoSilence('before-request', () => peer.proxy.heardBytes() > 0);
    expect(outcome.outcome).toBe('unknown');
    expect((await resolved(artefact)).outcome).toBe('unknown');
    clock.advance(GRACE_S);
    expect((await resolved(artefact)).outcome).toBe('unknown');
    clock.advance(1);
    expect((await resolved(artefact)).outcome).toBe('not_sent');
    expect(await payer.balanceMsats()).toBe(before);
  });

  it.each(['after-request', 'mid-answer'] as const)('%s: unknown, then proven sent, however late', async (how) => {
    const before = await payer.balanceMsats();
    const { artefact, outcome } = await intoSilence(how, isSettled);
    expect(outcome.outcome).toBe('unknown');
    clock.advance(GRACE_S + 1);
    const late = await resolved(artefact);
    expect(late).toMatchObject({ outcome: 'sent', debits: [{ unit: 'sats', amount: await spentSats(before) }] });
  });

  it('after the answer: sent', async () => {
    const invoice = await payee.createInvoice({ amountMsats: 1_000_000n, description: 'x', expiryS: EXPIRY_S });
    const payerWallet = await wallet();
    const { artefact = '' } = await payerWallet.quote(invoice);
    peer.proxy.silence('after-answer');
    expect((await payerWallet.dispatch(artefact)).outcome).toBe('sent');
  });

  it('of a payee that holds the money: unknown while it is on its way, even when the invoice is long over', async () => {
    const { artefact, outcome } = await heldPayment();
    expect(outcome.outcome).toBe('unknown');
    expect((await resolved(artefact)).outcome).toBe('unknown');
    clock.advance(GRACE_S + 1);
    // Before 1.0 LNbits tells nothing but "pending", and the table gives that up here.
    expect((await resolved(artefact)).outcome).toBe(backend === 'lnbits 0.12' ? 'not_sent' : 'unknown');
  });

  it('of a payee that takes the money in the end: sent', async () => {
    const before = await payer.balanceMsats();
    const { artefact, paymentHash } = await heldPayment();
    payer.release(paymentHash, 'settle');
    await eventually(isSettled);
    const debits = [{ unit: 'sats', amount: await spentSats(before) }];
    expect(await resolved(artefact)).toMatchObject({ outcome: 'sent', debits });
  });

  it('of a payee that gives the money back: not sent as soon as there is a proof', async () => {
    const { artefact, paymentHash } = await heldPayment();
    payer.release(paymentHash, 'fail');
    await eventually(async () => !(await isUnderWay()));
    // phoenixd's word alone is none when its answer was lost; LNbits before 1.0 says "paid" without a preimage.
    const isProof = backend === 'lnbits' || backend === 'nwc';
    expect((await resolved(artefact)).outcome).toBe(isProof ? 'not_sent' : 'unknown');
    clock.advance(GRACE_S + 1);
    expect((await resolved(artefact)).outcome).toBe(backend === 'lnbits 0.12' ? 'unknown' : 'not_sent');
  });

  it('is given up at the deadline, by quotes with an error and by payments as unknown', async () => {
    const invoice = await payee.createInvoice({ amountMsats: 1_000_000n, description: 'x', expiryS: EXPIRY_S });
    const { artefact = '' } = await (await wallet()).quote(invoice);
    const impatient = lightningProvider({ clock, timeouts: { askMs: 50, payMs: 50 } });
    providers.push(impatient);
    const { wallet: payerWallet } = await wallet();
    peer.proxy.silence('before-request');
    const { signal } = new AbortController();
    expect((await impatient.dispatch(payerWallet, artefact, { signal })).outcome).toBe('unknown');
    const payment = { kind: 'send', requestId: 'r', requestKey: 'default', to: invoice } as const;
    await expect(impatient.quote(payerWallet, payment, { signal })).rejects.toMatchObject({
      code: 'network_error',
      retryable: true,
    });
  });

  /** Its answer is given up while the money is held on its way. */
  async function heldPayment() {
    const invoice = await payee.createInvoice({ amountMsats: 1_000_000n, description: 'x', expiryS: EXPIRY_S });
    const { paymentHash } = decodeBolt11(invoice);
    payer.hold(paymentHash);
    const payerWallet = await wallet();
    const { artefact = '' } = await payerWallet.quote(invoice);
    const caller = new AbortController();
    const answer = payerWallet.dispatch(artefact, caller.signal);
    await eventually(isUnderWay);
    caller.abort();
    return { artefact, paymentHash, outcome: await answer };
  }
});
