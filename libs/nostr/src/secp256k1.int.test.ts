import { schnorr, secp256k1 as curve } from '@noble/curves/secp256k1.js';
import { unwrapEvent, wrapEvent } from 'nostr-tools/nip17';
import { verifyEvent } from 'nostr-tools/pure';
import { isValidEvent, nostrEventSchema } from './events.js';
import { makeDirectMessageRumor, unwrapMessage, wrapMessage } from './nip17.js';
import { conversationKey } from './nip44.js';
import { useSecp256k1 } from './secp256k1.js';
import type { Secp256k1 } from './secp256k1.js';
import { openNativeSecp256k1 } from './secp256k1-native.js';
import { wasmSecp256k1 } from './secp256k1-wasm.js';
import { secretSigner } from './signer.js';
import { curveCase, drawer, EDGES } from './testing/curve-cases.js';
import { readVectors } from './testing/vectors.js';

const COUNT = Number(process.env['SIGNATURE_CASES'] ?? 2_000);
const SEED = process.env['SIGNATURE_SEED'] ?? 'caravel';

/** noble, independent of libsecp256k1 in every line. */
const noble = {
  name: 'noble',
  verify: (...[signature, message, publicKey]: Parameters<Secp256k1['verify']>) =>
    message.length === 32 && attempt(() => schnorr.verify(signature, message, publicKey)) === true,
  sign: (...[message, secret, auxRand]: Parameters<Secp256k1['sign']>) => schnorr.sign(message, secret, auxRand),
  publicKey: (secret: Uint8Array) => schnorr.getPublicKey(secret),
  sharedX: (secret: Uint8Array, publicKey: Uint8Array) =>
    curve.getSharedSecret(secret, new Uint8Array([2, ...publicKey])).subarray(1),
};

const native = await openNativeSecp256k1().catch((error: unknown) => {
  if (process.env['CI'] !== undefined) throw error; // .ci/run installs it
  process.stderr.write('SKIPPED: native signatures (no libsecp256k1 here; Debian has it as libsecp256k1-1)\n');
});
const ours = native ? [wasmSecp256k1, native] : [wasmSecp256k1];
const all = [noble, ...ours];

afterAll(() => {
  useSecp256k1(wasmSecp256k1);
});

describe.each(ours)('$name and noble', (one) => {
  it(`agree on ${COUNT} signatures, good, damaged and absurd (SIGNATURE_CASES, SIGNATURE_SEED)`, () => {
    const verdicts = { true: 0, false: 0 };
    for (let i = 0; i < COUNT; i++) {
      const { about, signature, message, publicKey } = curveCase(SEED, i);
      const verdict = one.verify(signature, message, publicKey);
      verdicts[`${verdict}`]++;
      if (verdict !== noble.verify(signature, message, publicKey)) throw new Error(`they differ at ${i}: ${about}`);
    }
    expect(Math.min(verdicts.true, verdicts.false)).toBeGreaterThan(COUNT / 10);
  }, 600_000);

  it('make the same signatures, keys and shared secrets', () => {
    const draw = drawer(`${SEED}:keys`);
    for (let i = 0; i < COUNT / 20; i++) {
      const [secret, message, auxRand, other] = [draw(32), draw(32), draw(32), draw(32)];
      const publicKey = noble.publicKey(other);
      const made = ({ sign, publicKey: keyOf, sharedX }: Omit<Secp256k1, 'name'>) =>
        [keyOf(secret), sign(message, secret, auxRand), sharedX(secret, publicKey)].map(hexOf);
      expect(made(one)).toEqual(made(noble));
    }
  });

  it('take and refuse the same keys', () => {
    const draw = drawer(`${SEED}:odd`);
    const keys = [...EDGES, ...Array.from({ length: 40 }, () => draw(32)), draw(31), draw(33), draw(0)];
    const message = draw(32);
    for (const key of keys) {
      const outcomes = (each: Omit<Secp256k1, 'name'>) => [
        hexOf(attempt(() => each.publicKey(key))),
        hexOf(attempt(() => each.sign(message, key, message))),
        hexOf(attempt(() => each.sharedX(key, each.publicKey(message)))),
        hexOf(attempt(() => each.sharedX(message, key))),
      ];
      expect([hexOf(key), ...outcomes(one)]).toEqual([hexOf(key), ...outcomes(noble)]);
    }
  });

  it('agree on events, good, changed and malformed', () => {
    useSecp256k1(one);
    let valid = 0;
    for (let i = 0; i < COUNT / 4; i++) {
      const event = oddEvent(i);
      const shape = nostrEventSchema.safeParse(event);
      const verdict = isValidEvent(event);
      if (verdict !== (shape.success && verifyEvent({ ...shape.data }))) {
        throw new Error(`they differ at ${i}: ${JSON.stringify(event)}`);
      }
      if (verdict) valid++;
    }
    expect(valid).toBeGreaterThan(COUNT / 40);
  });
});

describe('BIP-340 vectors', () => {
  const vectors = JSON.parse(readVectors('bip340.vectors.json')) as Bip340Vector[];

  it('are 19, valid and invalid', () => {
    expect(vectors).toHaveLength(19);
    expect(vectors.filter(({ valid }) => !valid)).toHaveLength(10);
  });

  // NIP-01 signs hashes only: ours refuse messages of other lengths, the four last vectors.
  it.each(all)('$name verifies and refuses', ({ verify }) => {
    const hashes = vectors.filter(({ message }) => message.length === 64);
    expect(hashes).toHaveLength(15);
    for (const { signature, message, publicKey, valid, index } of vectors) {
      const verdict = verify(bytes(signature), bytes(message), bytes(publicKey));
      expect([index, verdict]).toEqual([index, valid && message.length === 64]);
    }
  });

  it('of other lengths hold for noble, whose verdicts the others are compared with', () => {
    for (const { signature, message, publicKey, valid } of vectors.filter((each) => each.message.length !== 64)) {
      expect(attempt(() => schnorr.verify(bytes(signature), bytes(message), bytes(publicKey)))).toBe(valid);
    }
  });

  it.each(all)('$name signs', ({ sign, publicKey: keyOf }) => {
    const signed = vectors.filter(({ secretKey, message }) => secretKey !== '' && message.length === 64);
    expect(signed.length).toBeGreaterThan(3);
    for (const { secretKey, auxRand, message, publicKey, signature } of signed) {
      expect(hexOf(keyOf(bytes(secretKey)))).toBe(publicKey);
      expect(hexOf(sign(bytes(message), bytes(secretKey), bytes(auxRand)))).toBe(signature);
    }
  });
});

describe.each(ours)('NIP-44 and NIP-59 by $name', (one) => {
  beforeEach(() => {
    useSecp256k1(one);
  });

  it('are those of the official vectors', () => {
    const { valid, invalid } = (JSON.parse(readVectors('nip44.vectors.json')) as Nip44Vectors).v2;
    for (const { sec1, pub2, conversation_key } of valid.get_conversation_key)
      expect(hexOf(conversationKey(bytes(sec1), pub2))).toBe(conversation_key);
    for (const { sec1, pub2 } of invalid.get_conversation_key)
      expect(() => conversationKey(bytes(sec1), pub2)).toThrow();
  });

  it('make messages that nostr-tools reads, and read those it makes', () => {
    const [from, to] = ['1'.repeat(64), '2'.repeat(64)].map((secret) => ({ secret, signer: secretSigner(secret) }));
    if (!from || !to) throw new Error('two are there');
    const message = { from: from.signer.pubkey, to: to.signer.pubkey, text: 'hello', createdAtS: 1_700_000_000 };
    const rumor = makeDirectMessageRumor(message);
    const wrap = wrapMessage({ signer: from.signer, recipient: to.signer.pubkey, rumor });
    expect(verifyEvent(wrap)).toBe(true);
    expect(unwrapEvent(wrap, bytes(to.secret))).toEqual(rumor);
    const theirs = nostrEventSchema.parse(wrapEvent(bytes(from.secret), { publicKey: to.signer.pubkey }, 'hello'));
    expect(unwrapMessage(to.signer, theirs)).toMatchObject({ content: 'hello', pubkey: from.signer.pubkey });
  });
});

/** A signed event; of ten, seven are changed in one place after that. */
function oddEvent(index: number): unknown {
  const draw = drawer(`${SEED}:event:${index}`);
  const [kind = 0, length = 0] = draw(2);
  const tags = [['t', hexOf(draw(4))], ['e', '\u2028"\\', ''], []].slice(kind % 4);
  const content = Buffer.from(draw(length)).toString('utf8') + (kind % 2 ? '🌩\u0000' : '');
  const event = secretSigner(hexOf(draw(32))).sign({ kind, created_at: index, tags, content });
  const changes: object[] = [
    { id: hexOf(draw(32)) },
    { sig: hexOf(draw(64)) },
    { pubkey: hexOf(draw(32)) },
    { sig: event.sig.slice(2), content },
    { created_at: index + 0.5 },
    { tags: [...tags, ['x']] },
    { content: null },
  ];
  return { ...event, ...changes[index % 10] };
}

interface Nip44Vectors {
  v2: Record<'valid' | 'invalid', { get_conversation_key: Record<'sec1' | 'pub2' | 'conversation_key', string>[] }>;
}

interface Bip340Vector {
  index: number;
  secretKey: string;
  publicKey: string;
  auxRand: string;
  message: string;
  signature: string;
  valid: boolean;
}

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hexOf = (data: Uint8Array | undefined): string => (data ? Buffer.from(data).toString('hex') : 'refused');

function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
