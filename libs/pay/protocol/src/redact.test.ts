import fc from 'fast-check';
import { encodeOutputs } from './encode-outputs.js';
import { stringifyJson } from './lossless-json.js';
import type { Output } from './output.js';
import { redactForLog, redactSecrets } from './redact.js';
import { EXAMPLE_OUTPUTS } from './testing/example-outputs.js';

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const NWC = `nostr+walletconnect://${'b'.repeat(64)}?relay=wss%3A%2F%2Frelay.example&secret=${'5'.repeat(64)}`;
const TOKEN = 'cashuBo2FteBtodHRwczovL21pbnQuZXhhbXBsZQ';
const SECRETS = [
  MNEMONIC,
  NWC,
  TOKEN,
  'postgresql://caravel:hunter2@db/pay',
  'preimage=hunter2',
  '"password": "hunter2"',
];
const GIVEAWAYS = ['sausage', '5'.repeat(64), 'o2FteBtodHRwczov', 'hunter2'];

const anywhere = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.constantFrom(...SECRETS),
    fc.tuple(fc.lorem(), fc.constantFrom(...SECRETS)).map((words) => words.join(' ')),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('error', 'note', 'nwc_uri_secret', 'SEED_SECRET', 'preimage', 'token'), tie('value')),
  ),
})).value;

describe('redaction', () => {
  it('lets no secret into a log, in any depth and inside any text', () => {
    fc.assert(
      fc.property(anywhere, (value) => {
        const text = JSON.stringify(redactForLog({ value }));
        for (const giveaway of GIVEAWAYS) expect(text).not.toContain(giveaway);
      }),
    );
  });

  it('takes the name of a secret for no word of a mnemonic, and finds a mnemonic behind its name', () => {
    const words = 'erat diam ultrices maecenas integer quam nibh libero tortor mauris cras';
    for (const text of [
      `${words} preimage=hunter2`,
      `${words} api-key: hunter2`,
      `mnemonic: ${MNEMONIC}`,
      `${words} ${MNEMONIC}`,
    ]) {
      const logged = JSON.stringify(redactForLog({ error: text }));
      for (const giveaway of [...GIVEAWAYS, 'winner', 'yellow']) expect(logged).not.toContain(giveaway);
    }
  });

  it('hides every field that ends in _secret in every answer', () => {
    fc.assert(
      fc.property(anywhere, (value) => {
        const more = { seed_secret: value, inner: [{ API_KEY_SECRET: value }] };
        const redacted = JSON.stringify(redactSecrets(more));
        for (const giveaway of GIVEAWAYS) expect(redacted).not.toContain(giveaway);
        const text = encodeOutputs([{ ...EXAMPLE_OUTPUTS.wallet_seed, mnemonic_secret: MNEMONIC }]);
        expect(text).not.toContain('sausage');
      }),
    );
  });

  it('leaves the payer the preimage and the token that were asked for, and logs neither', () => {
    const { sent, cashu_sent } = EXAMPLE_OUTPUTS;
    const answer = [
      { ...sent, preimage: 'ab'.repeat(32) },
      { ...cashu_sent, token: TOKEN },
    ];
    expect(encodeOutputs(answer)).toContain('ab'.repeat(32));
    expect(encodeOutputs(answer)).toContain(TOKEN);
    const logged = JSON.stringify(redactForLog(answer), (_name, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(logged).not.toContain('ab'.repeat(32));
    expect(logged).not.toContain('o2FteBtodHRwczov');
    expect(logged).toContain('"token":"sats"');
  });

  it.each(Object.values(EXAMPLE_OUTPUTS))('lets no secret out of a field of $code that is logged', (output) => {
    for (const { value, of } of plantings(output)) {
      const logged = stringifyJson(redactForLog(value));
      for (const giveaway of GIVEAWAYS) expect([of, logged.includes(giveaway)]).toEqual([of, false]);
    }
  });

  it.each(Object.values(EXAMPLE_OUTPUTS))(
    'tells whoever asked every text of $code but what is called secret',
    (output) => {
      for (const { value, of, secret, isHidden } of plantings(output)) {
        const told = encodeOutputs([value as Output]);
        expect([of, told.includes(JSON.stringify(secret))]).toEqual([of, !isHidden]);
      }
    },
  );
});

/** An Output with each kind of secret in each place of a text, one at a time. */
function plantings(output: Output): Planting[] {
  return textPlaces(output).flatMap((place) =>
    SECRETS.map((secret) => ({
      value: planted(output, place, secret),
      of: place.join('.'),
      secret,
      isHidden: place.some((name) => name.endsWith('_secret')),
    })),
  );
}

function textPlaces(value: unknown): string[][] {
  if (typeof value === 'string') return [[]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textPlaces(inner).map((place) => [name, ...place]));
}

function planted(value: unknown, [name, ...place]: readonly string[], secret: string): unknown {
  if (name === undefined) return secret;
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  const changed = entries.map(([key, inner]) => [key, key === name ? planted(inner, place, secret) : inner] as const);
  return Array.isArray(value) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
}

interface Planting {
  value: unknown;
  of: string;
  secret: string;
  isHidden: boolean;
}
