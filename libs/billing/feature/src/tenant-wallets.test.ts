import type { Pubkey } from '@caravel/domain';
import { generateSecret, seal, secretSigner } from '@caravel/nostr';
import type { NwcConnection } from '@caravel/nostr';
import { createLogger } from '@caravel/service';
import { tenantWallets } from './tenant-wallets.js';

const key = () => {
  const secret = generateSecret();
  return { secret, pubkey: secretSigner(secret).pubkey };
};
const [current, previous, stranger, tenant, other] = [key(), key(), key(), key(), key()];
const url = (relay = 'wss://relay.example.com') =>
  `nostr+walletconnect://${other.pubkey}?relay=${relay}&secret=${other.secret}`;
const box = (recipient: Pubkey, { content = url(), use = 'nwc_url', subject = tenant.pubkey } = {}) =>
  seal({ recipient, use, subject, fields: { url: content } });

function open(sealedUrl: string, allowPrivateHosts = false) {
  const lines: string[] = [];
  const connected: NwcConnection[] = [];
  const wallets = tenantWallets({
    secrets: [current.secret, previous.secret],
    allowPrivateHosts,
    log: createLogger({ service: 'test', destination: { write: (line) => lines.push(line) } }),
    connect: (connection) => {
      connected.push(connection);
      return { payInvoice: () => Promise.resolve({ type: 'silence', phase: 'sent' }), close: () => undefined };
    },
  });
  const wallet = wallets.open(tenant.pubkey, sealedUrl);
  return { error: 'error' in wallet ? wallet.error : null, connected, logged: lines.join('\n') };
}

describe("a tenant's wallet", () => {
  it('opens with the current and the previous key', () => {
    for (const { pubkey } of [current, previous]) {
      expect(open(box(pubkey))).toMatchObject({ error: null, connected: [{ secret: other.secret }], logged: '' });
    }
  });

  it.each<[string, string]>([
    ['sealed to another key', box(stranger.pubkey)],
    ['of another tenant', box(current.pubkey, { subject: other.pubkey })],
    ['of another use', box(current.pubkey, { use: 'call_answer' })],
    ['without a URL', box(current.pubkey, { content: 'https://example.com' })],
    ['cut short', box(current.pubkey).slice(0, -20)],
    ['that is no box', 'nonsense'],
  ])('%s is refused with an alert that tells nothing of it', (_, sealed) => {
    const { error, connected, logged } = open(sealed);
    expect(error).toMatch(/connect your wallet again/);
    expect(connected).toEqual([]);
    expect(logged).toContain('"alert":"wallet-box"');
    expect(logged).not.toContain(other.secret);
    expect(logged).not.toContain(other.pubkey);
  });

  it('behind a private address is refused unless that is allowed', () => {
    const sealed = box(current.pubkey, { content: url('ws://127.0.0.1:7777') });
    expect(open(sealed).error).toMatch(/not a public address/);
    expect(open(sealed, true).error).toBeNull();
  });
});
