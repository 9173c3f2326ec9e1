import { createHash, randomBytes } from 'node:crypto';
import { systemClock, unixSeconds } from '@caravel/domain';
import { decodeBolt11, encodeBolt11 } from '@caravel/lightning';
import type { Bolt11Network } from '@caravel/lightning';
import type { Provider } from '@caravel/pay-provider';
import type { LightningNode } from '@caravel/stand-ins';
import { eventually } from '@caravel/testing';
import { lightningProvider } from './lightning-provider.js';
import { call, connected } from './testing/connected.js';
import type { Connected } from './testing/connected.js';
import { BACKENDS, ledgerNodes, startPeer } from './testing/lightning-peers.js';
import type { Peer } from './testing/lightning-peers.js';
import { electrumNodes } from './testing/electrum-nodes.js';
import type { LightningNodes } from './testing/electrum-nodes.js';

/** In one ledger always; on real Lightning where `npm run peers` has started it and said so in PEERS. */
const electrum = electrumNodes(process.env['PEERS']);
const WORLDS: [string, () => LightningNodes][] = [
  ['one ledger', () => ledgerNodes(systemClock)],
  ...(electrum ? [['real Lightning', () => electrum] as [string, () => LightningNodes]] : []),
];

const sha256 = (hex: string) => createHash('sha256').update(hex, 'hex').digest('hex');
const bill = (payee: LightningNode, sats: bigint, expiryS = 600) =>
  payee.createInvoice({ amountMsats: sats * 1000n, description: 'a coffee', expiryS });

/** Of a node that nobody has heard of. */
function strangersInvoice(options: { amountMsats?: bigint | null; network?: Bolt11Network; madeS?: number } = {}) {
  const { amountMsats = 5_000_000n, network = 'bcrt', madeS = unixSeconds(systemClock.now()) } = options;
  return encodeBolt11({
    network,
    amountMsats,
    timestampS: madeS,
    expiryS: 600,
    paymentHash: randomBytes(32).toString('hex'),
    paymentSecret: randomBytes(32).toString('hex'),
    secretKey: randomBytes(32).toString('hex'),
    description: 'from nowhere',
  });
}

describe.each(WORLDS.flatMap(([world, nodes]) => BACKENDS.map((backend) => [backend, world, nodes] as const)))(
  '%s on %s',
  (backend, world, nodes) => {
    let payer: LightningNode;
    let payee: LightningNode;
    let peer: Peer;
    let provider: Provider;
    let wallet: Connected;
    beforeEach(async () => {
      ({ payer, payee } = nodes());
      peer = await startPeer(backend, { node: payer });
      provider = lightningProvider({ clock: systemClock });
      wallet = await connected(provider, peer);
    });
    afterEach(async () => {
      await provider.close?.();
      await peer.stop();
    });
    const balanceSats = async () => (await provider.balance(wallet.wallet, call())).confirmed;

    it('pays an invoice once, proves it by its preimage, and tells to the sat what left', async () => {
      const invoice = await bill(payee, 1_000n);
      const { paymentHash } = decodeBolt11(invoice);
      const before = await payer.balanceMsats();
      const quote = await wallet.quote(`lightning:${invoice.toUpperCase()}`);
      expect(quote).toMatchObject({ amount: { value: 1_000n, token: 'sats' }, paymentKey: paymentHash });
      const outcome = await wallet.dispatch(quote.artefact ?? '');

      if (outcome.outcome !== 'sent') throw new Error(JSON.stringify(outcome));
      expect(sha256(outcome.preimage ?? '')).toBe(paymentHash);
      expect(await payee.received(paymentHash)).toBe(outcome.preimage);
      const left = before - (await payer.balanceMsats());
      expect(outcome).toMatchObject({ transactionId: paymentHash, status: 'confirmed', amount: { value: 1_000n } });
      expect(outcome.debits).toEqual([{ unit: 'sats', amount: (left + 999n) / 1000n }]);
      expect(outcome.fee?.value).toBeLessThanOrEqual(quote.feeBound.value);

      // Again: by dispatch and by asking, it is the same payment.
      for (const again of [await wallet.dispatch(quote.artefact ?? ''), await wallet.resolve(quote.artefact ?? '')]) {
        expect(again).toMatchObject({ outcome: 'sent', preimage: outcome.preimage, debits: outcome.debits });
      }
      expect(before - (await payer.balanceMsats())).toBe(left);
    });

    it('finds out what became of a payment whose answer was lost', async () => {
      const invoice = await bill(payee, 900n);
      const { paymentHash } = decodeBolt11(invoice);
      const { artefact = '' } = await wallet.quote(invoice);
      const caller = new AbortController();
      peer.face.faults.set([{ match: peer.pays, mode: 'drop-answer' }]);
      const answer = wallet.dispatch(artefact, caller.signal);
      await eventually(async () => (await peer.ledger()).outgoing.some(({ state }) => state === 'paid'));
      caller.abort();
      expect((await answer).outcome).toBe('unknown');
      const preimage = await payee.received(paymentHash);
      expect(await wallet.resolve(artefact)).toMatchObject({ outcome: 'sent', transactionId: paymentHash, preimage });
    });

    it('does not pay where there is no route, and proves it', async () => {
      const before = await payer.balanceMsats();
      const { artefact, outcome } = await wallet.pay(strangersInvoice());
      // Before 1.0 LNbits has no word for it until the invoice has expired.
      expect(outcome.outcome).toBe(backend === 'lnbits 0.12' ? 'unknown' : 'not_sent');
      expect((await wallet.resolve(artefact)).outcome).not.toBe('sent');
      expect(await payer.balanceMsats()).toBe(before);
    });

    it('does not pay more than there is', async () => {
      const before = await payer.balanceMsats();
      const { outcome } = await wallet.pay(await bill(payee, before / 1000n + 1_000n));
      expect(outcome.outcome).toBe(backend === 'lnbits 0.12' ? 'unknown' : 'not_sent');
      expect(await payer.balanceMsats()).toBe(before);
    });

    it('is paid by an invoice, and tells pending from paid', async () => {
      const amount = { value: 700n, token: 'sats' };
      const info = await provider.receiveInfo(wallet.wallet, { amount, memo: 'for you', invoiceExpiryS: 900 }, call());
      const decoded = decodeBolt11(info.invoice ?? '');
      expect(decoded).toMatchObject({ amountMsats: 700_000n, description: 'for you', paymentHash: info.quoteId });
      expect(info.expiresAtMs).toBe(decoded.expiresAtS * 1000);
      expect(decoded.expiresAtS - decoded.timestampS).toBe(900);
      const receipt = () =>
        provider.receipt?.(wallet.wallet, { quoteId: info.quoteId, sinceMs: 0, syncLimit: 100 }, call());
      expect(await receipt()).toEqual({ state: 'pending' });

      const before = await balanceSats();
      expect(await payee.pay(info.invoice ?? '')).toMatchObject({ type: 'paid' });
      expect(await receipt()).toMatchObject({
        state: 'paid',
        record: { direction: 'receive', amount, status: 'confirmed', transactionId: info.quoteId },
      });
      expect((await balanceSats()) - before).toBe(700n);
    });

    it('tells what it sent and received, and either by its payment hash', async () => {
      const invoice = await bill(payee, 300n);
      const { paymentHash } = decodeBolt11(invoice);
      const { outcome } = await wallet.pay(invoice);
      const amount = { value: 50n, token: 'sats' };
      const info = await provider.receiveInfo(wallet.wallet, { amount }, call());
      await payee.pay(info.invoice ?? '');

      const records = await provider.transactions(wallet.wallet, { ...call(), limit: 10 });
      const [out, received] = [paymentHash, info.quoteId].map((id) =>
        records.find(({ transactionId }) => transactionId === id),
      );
      expect(out).toMatchObject({ direction: 'send', amount: { value: 300n }, status: 'confirmed' });
      expect(out?.preimage).toBe(outcome.outcome === 'sent' ? outcome.preimage : 'none');
      expect(received).toMatchObject({ direction: 'receive', amount, status: 'confirmed' });
      expect(await provider.transaction?.(wallet.wallet, paymentHash, call())).toMatchObject({ direction: 'send' });
      expect(await provider.transaction?.(wallet.wallet, 'ab'.repeat(32), call())).toBeUndefined();
      expect(records.map(({ createdAtMs }) => createdAtMs)).toEqual(
        records.map(({ createdAtMs }) => createdAtMs).sort((a, b) => b - a),
      );
    });

    it('tells more transactions than fit into one answer', async () => {
      if (world !== 'one ledger') return; // real payments show nothing more
      for (let count = 0; count < 24; count += 1) {
        const amount = { value: 1n, token: 'sats' };
        await payee.pay((await provider.receiveInfo(wallet.wallet, { amount }, call())).invoice ?? '');
      }
      const records = await provider.transactions(wallet.wallet, { ...call(), limit: 22 });
      expect(new Set(records.map(({ transactionId }) => transactionId)).size).toBe(22);
    });

    it.each([
      ['no amount', () => strangersInvoice({ amountMsats: null })],
      ['a life that is over', () => strangersInvoice({ madeS: unixSeconds(systemClock.now()) - 601 })],
      ['damage', () => strangersInvoice().replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))],
    ])('refuses an invoice with %s before anything is asked', async (_what, invoice) => {
      peer.face.calls.clear();
      await expect(wallet.quote(invoice())).rejects.toMatchObject({ code: 'invalid_amount' });
      expect(peer.face.calls.list()).toEqual([]);
    });

    if (!backend.startsWith('lnbits')) {
      it('refuses an invoice for another chain than its own', async () => {
        const asked = wallet.quote(strangersInvoice({ network: 'bc' }));
        await expect(asked).rejects.toMatchObject({
          code: 'invalid_amount',
          message: expect.stringMatching(/mainnet.*regtest/) as string,
        });
      });
    }

    it('is not connected by a credential that does not work, and no error repeats it', async () => {
      const wrong =
        backend === 'nwc'
          ? { nwc_uri_secret: (peer.create.nwc_uri_secret ?? '').replace(/secret=.*/, `secret=${'17'.repeat(32)}`) }
          : backend === 'phoenixd'
            ? { password_secret: 'a-wrong-password' }
            : { admin_key_secret: 'a-wrong-admin-key' };
      const failure: unknown = await provider
        .createWallet({ ...peer.create, ...wrong }, call())
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'network_error' });
      for (const secret of Object.values(wrong))
        expect(JSON.stringify([String(failure), failure])).not.toContain(secret);
    });
  },
);
