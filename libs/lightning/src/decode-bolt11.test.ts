import { readFileSync } from 'node:fs';

import { Bolt11Error } from './bolt11-error.js';
import { decodeBolt11 } from './decode-bolt11.js';
import { encodeBolt11 } from './encode-bolt11.js';

const vectors = JSON.parse(readFileSync(new URL('vectors/bolt11.json', import.meta.url), 'utf8')) as {
  valid: { title: string; text: string; expected: Record<string, unknown> & { amountMsats: string | null } }[];
  invalid: { title: string; text: string }[];
};

describe('vectors of BOLT 11', () => {
  test.each(vectors.valid)('reads: $title', ({ text, expected }) => {
    const { amountMsats, ...rest } = expected;
    expect(decodeBolt11(text)).toMatchObject({
      ...rest,
      amountMsats: amountMsats === null ? null : BigInt(amountMsats),
    });
  });

  test.each(vectors.invalid)('refuses: $title', ({ text }) => {
    expect(() => decodeBolt11(text)).toThrow(Bolt11Error);
  });
});

describe('damaged text', () => {
  const text = encodeBolt11({
    network: 'bcrt',
    amountMsats: 21_000n,
    timestampS: 1_700_000_000,
    paymentHash: '01'.repeat(32),
    paymentSecret: '02'.repeat(32),
    description: 'one month',
    secretKey: '03'.repeat(32),
  });

  test('no single changed character is accepted', () => {
    const accepted = Array.from(text).flatMap((character, at) => {
      const other = character === 'q' ? 'p' : 'q';
      const changed = `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
      try {
        return [decodeBolt11(changed)];
      } catch (error) {
        expect(error).toBeInstanceOf(Bolt11Error);
        return [];
      }
    });
    expect(accepted).toEqual([]);
  });

  test.each([
    '',
    'lnbcrt',
    'lnbc1',
    'lightning:',
    'lno1pg257enxv4ezqcneype82um50ynhxgrwdajx283qfwdpl28qqmc78ymlv',
    '⚡',
  ])('refuses %p', (other) => {
    expect(() => decodeBolt11(other)).toThrow(Bolt11Error);
  });

  test('refuses an invoice cut off anywhere', () => {
    for (let length = 0; length < text.length; length += 1) {
      expect(() => decodeBolt11(text.slice(0, length))).toThrow(Bolt11Error);
    }
  });

  test('refuses megabytes at once', () => {
    expect(() => decodeBolt11(`lnbc1${'q'.repeat(5_000_000)}`)).toThrow('too long');
  });
});
