import fc from 'fast-check';
import { plainText } from './plain-text.js';

describe('text of strangers', () => {
  it.each([
    ['a line break', 'Book\r\nclub\u2028now', 'Book club now'],
    ['control characters', 'a\u0000b\u001b[31mc', 'a b 31mc'],
    ['turned directions', 'invoice \u202egpj.exe\u2066', 'invoice gpj.exe'],
    ['an address', 'pay at https://evil.example/pay?x=1', 'pay at https: evil.example pay?x=1'],
    ['an address without a scheme', 'www.evil.example and evil.example/pay', 'www evil.example and evil.example pay'],
    ['a script', 'javascript:alert(1)', 'javascript: alert(1)'],
    ['a mention', 'nostr:npub1qqqqqqqqqqqqqqqqqq hello', 'nostr: npub1… hello'],
    ['an invoice', 'lightning:LNBC5u1pqqqqqqqqqqqqqq', 'lightning: LNBC…'],
    ['a token', 'cashuAeyJ0b2tlbiI6W3sicHJvb2Zz', 'cashuA…'],
    ['markup', '<b>[click](me)</b> `x`', '‹b› click (me)‹/b› x'],
    ['a pile of accents', `x${'\u0301'.repeat(50)}`, 'x\u0301\u0301'],
    ['an address in pieces', 'https\u200b://evil.example', 'https : evil.example'],
  ])('loses %s', (_, text, plain) => {
    expect(plainText(text, 100)).toBe(plain);
  });

  it.each(['Book club', 'Schach & Tee: Runde 2', '读书会', '⚡ zaps ⚡', '10:30 club', 'a.b'])(
    'is kept as it is: %s',
    (text) => {
      expect(plainText(text, 100)).toBe(text);
    },
  );

  it('is one short line without anything to click, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.constantFrom('https://', 'nostr:', '<', 'www.', 'lnbc1'),
        (text, part) => {
          const plain = plainText(text + part + text, 60);
          expect(Array.from(plain).length).toBeLessThanOrEqual(60);
          expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>]|\w:\/\/|nostr:\S|www\./u);
        },
      ),
    );
  });
});
