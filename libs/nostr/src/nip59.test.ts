import { manualClock, pubkeySchema } from '@caravel/domain';
import { eventId, isValidEvent, nostrEventSchema, type NostrEvent, type UnsignedEvent } from './events.js';
import { GIFT_WRAP_KIND, giftUnwrap, giftWrap, GiftWrapError, makeRumor, SEAL_KIND, type Rumor } from './nip59.js';
import { generateSecret, secretSigner, type Signer } from './signer.js';
import { readVectors } from './testing/vectors.js';

const NOW_S = 1_700_000_000;
const [alice, bob, eve] = [
  secretSigner(generateSecret()),
  secretSigner(generateSecret()),
  secretSigner(generateSecret()),
];
const rumor = makeRumor({
  pubkey: alice.pubkey,
  kind: 14,
  created_at: NOW_S,
  tags: [['p', bob.pubkey]],
  content: 'hello',
});
const clock = manualClock(NOW_S);
const wrap = giftWrap({ signer: alice, recipient: bob.pubkey, rumor, clock });
const reasonOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof GiftWrapError ? error.reason : error;
  }
};

test('the recipient reads what the author wrote', () => {
  expect(giftUnwrap(bob, wrap)).toEqual(rumor);
});

test('a wrap is signed by a key used once and names only the recipient', () => {
  const again = giftWrap({ signer: alice, recipient: bob.pubkey, rumor, clock });
  expect(isValidEvent(wrap)).toBe(true);
  expect(wrap).toMatchObject({ kind: GIFT_WRAP_KIND, tags: [['p', bob.pubkey]] });
  expect(new Set([wrap.pubkey, again.pubkey, alice.pubkey, bob.pubkey]).size).toBe(4);
  expect(JSON.stringify(wrap)).not.toContain(alice.pubkey);
});

test('the seal is signed by the author, without tags, and the rumor by nobody', () => {
  const seal = nostrEventSchema.parse(JSON.parse(bob.nip44Decrypt(wrap.pubkey, wrap.content)));
  expect(seal).toMatchObject({ kind: SEAL_KIND, pubkey: alice.pubkey, tags: [] });
  expect(JSON.parse(bob.nip44Decrypt(seal.pubkey, seal.content))).toEqual(rumor);
  expect(rumor).not.toHaveProperty('sig');
});

test('wrap and seal are dated independently within the last two days, the rumor keeps its time', () => {
  const randoms = [Buffer.from([0, 0, 0, 100]), Buffer.from([0, 2, 0xa2, 0xff])]; // 100 s and 172,799 s
  const dated = giftWrap({
    signer: alice,
    recipient: bob.pubkey,
    rumor,
    clock,
    randomBytes: () => randoms.shift() ?? Buffer.alloc(4),
  });
  const seal = nostrEventSchema.parse(JSON.parse(bob.nip44Decrypt(dated.pubkey, dated.content)));
  expect([seal.created_at, dated.created_at]).toEqual([NOW_S - 100, NOW_S - 172_799]);
  for (let i = 0; i < 50; i += 1) {
    const at = giftWrap({ signer: alice, recipient: bob.pubkey, rumor, clock }).created_at;
    expect(at).toBeGreaterThan(NOW_S - 172_800);
    expect(at).toBeLessThanOrEqual(NOW_S);
  }
  expect(giftUnwrap(bob, dated).created_at).toBe(NOW_S);
});

test("nobody wraps another's rumor", () => {
  expect(() => giftWrap({ signer: eve, recipient: bob.pubkey, rumor, clock })).toThrow(RangeError);
});

/** A wrap made by hand, so that each layer can be wrong. */
function forge(inner: {
  seal?: Partial<NostrEvent>;
  sealer?: Signer;
  rumor?: Rumor | UnsignedEvent | string;
}): NostrEvent {
  const { sealer = alice, rumor: content = rumor } = inner;
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const seal = {
    ...sealer.sign({ kind: SEAL_KIND, created_at: NOW_S, tags: [], content: sealer.nip44Encrypt(bob.pubkey, text) }),
    ...inner.seal,
  };
  return wrapText(JSON.stringify(seal));
}
function wrapText(text: string, kind = GIFT_WRAP_KIND): NostrEvent {
  return eve.sign({ kind, created_at: NOW_S, tags: [['p', bob.pubkey]], content: eve.nip44Encrypt(bob.pubkey, text) });
}
const sealOfKind = (kind: number, tags: string[][] = []) =>
  alice.sign({ kind, created_at: NOW_S, tags, content: alice.nip44Encrypt(bob.pubkey, JSON.stringify(rumor)) });
const unsigned: UnsignedEvent = { pubkey: rumor.pubkey, kind: 14, created_at: NOW_S, tags: [], content: 'x' };

test.each<[string, NostrEvent, string]>([
  ['of another kind', wrapText(JSON.stringify(sealOfKind(SEAL_KIND)), 1060), 'not-a-wrap'],
  ['with a wrong signature', { ...wrap, sig: '0'.repeat(128) }, 'not-a-wrap'],
  ['with exchanged content', { ...wrap, content: forge({}).content }, 'not-a-wrap'],
  ['for somebody else', giftWrap({ signer: alice, recipient: eve.pubkey, rumor, clock }), 'undecryptable'],
  ['that holds no JSON', wrapText('hello'), 'undecryptable'],
  ['that holds no event', wrapText('{}'), 'bad-seal'],
  ['that holds the rumor without a seal', wrapText(JSON.stringify(rumor)), 'bad-seal'],
  ['whose seal has a wrong signature', forge({ seal: { sig: '0'.repeat(128) } }), 'bad-seal'],
  ['whose seal is of another kind', wrapText(JSON.stringify(sealOfKind(14))), 'bad-seal'],
  ['whose seal has tags', wrapText(JSON.stringify(sealOfKind(SEAL_KIND, [['p', bob.pubkey]]))), 'bad-seal'],
  [
    'whose seal is for somebody else',
    wrapText(
      JSON.stringify(
        alice.sign({ kind: SEAL_KIND, created_at: 1, tags: [], content: alice.nip44Encrypt(eve.pubkey, '{}') }),
      ),
    ),
    'undecryptable',
  ],
  ['whose rumor is no JSON', forge({ rumor: 'hello' }), 'undecryptable'],
  ['whose rumor has no id', forge({ rumor: unsigned }), 'bad-rumor'],
  ['whose rumor has a wrong id', forge({ rumor: { ...unsigned, id: 'a'.repeat(64) } }), 'bad-rumor'],
  ["in another's name", forge({ sealer: eve }), 'impersonation'],
])('a wrap %s is refused as %s', (_what, event, reason) => {
  expect(reasonOf(() => giftUnwrap(bob, event))).toBe(reason);
});

test('the example of NIP-59 unwraps to its rumor', () => {
  const vectors = JSON.parse(readVectors('nip59.vectors.json')) as Record<string, unknown>;
  const example = nostrEventSchema.parse(vectors['wrap']);
  const expected = nostrEventSchema.omit({ sig: true }).parse(vectors['rumor']);
  expect(eventId(expected)).toBe(expected.id);
  expect(secretSigner(String(vectors['authorSecret'])).pubkey).toBe(expected.pubkey);
  expect(giftUnwrap(secretSigner(String(vectors['recipientSecret'])), example)).toEqual(expected);
});

test('a pubkey off the curve can not be written to', () => {
  expect(() => giftWrap({ signer: alice, recipient: pubkeySchema.parse('f'.repeat(64)), rumor, clock })).toThrow();
});
