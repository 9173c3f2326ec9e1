import { generateSecret, open, secretSigner } from '@caravel/nostr';
import type { SealedWallet } from '../ports.js';
import { ALICE, BOB, tenant } from '../testing/builders.js';
import { fakeDeps } from '../testing/fake-deps.js';
import { connectWallet } from './connect-wallet.js';

const secret = generateSecret();
const wallet = secretSigner(generateSecret()).pubkey;
const nwcUrl = `nostr+walletconnect://${wallet}?relay=wss://relay.example&secret=${generateSecret()}`;

function connected(sealingSecret: string | null) {
  const stored: unknown[] = [];
  const deps = fakeDeps({
    walletSealingKey: () => Promise.resolve(sealingSecret === null ? null : secretSigner(sealingSecret).pubkey),
    tenants: {
      ...fakeDeps().tenants,
      update: (_pubkey, _actor, changes) => {
        stored.push(changes.wallet);
        return Promise.resolve(tenant());
      },
    },
  });
  return { stored, connect: (url: string) => connectWallet(deps, { pubkey: ALICE, actor: ALICE, nwcUrl: url }) };
}

it('what is stored can be opened by billing alone, for this tenant and this use', async () => {
  const { stored, connect } = connected(secret);
  await connect(` ${nwcUrl}\n`);

  const [sealed] = stored as SealedWallet[];
  const box = sealed?.sealedUrl ?? '';
  expect(box).not.toContain(wallet);
  const opened = open({ secrets: [secret], box, use: 'nwc_url', subject: ALICE });
  expect(opened).toEqual({ url: nwcUrl });
  expect(() => open({ secrets: [secret], box, use: 'nwc_url', subject: BOB })).toThrow();
  expect(() => open({ secrets: [secret], box, use: 'call_answer', subject: ALICE })).toThrow();
});

it('an empty text disconnects, also while billing has published no key', async () => {
  const { stored, connect } = connected(null);
  await connect('');
  expect(stored).toEqual([null]);
});

it('is service-unavailable while billing has published no key to seal to', async () => {
  const { stored, connect } = connected(null);
  await expect(connect(nwcUrl)).rejects.toMatchObject({ code: 'service-unavailable' });
  expect(stored).toEqual([]);
});

it('refuses what is no wallet connection, without repeating it', async () => {
  const { connect } = connected(secret);
  const failure: unknown = await connect('nostr+walletconnect://very-secret-thing').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'nwc-url-invalid' });
  expect(String(failure)).not.toContain('very-secret-thing');
});
