import { oneLine } from './one-line.js';

describe('oneLine', () => {
  it('makes one line of several and drops what can’t be seen', () => {
    expect(oneLine(' a\r\n\tb\u0000c\u2028d\u202ee ', 100)).toBe('a b c d e');
  });

  it('cuts by characters, never inside of one', () => {
    expect(oneLine('⚡'.repeat(5), 5)).toBe('⚡⚡⚡⚡⚡');
    expect(oneLine('😀'.repeat(6), 5)).toBe('😀😀😀😀…');
  });

  it('drops halves of characters', () => {
    expect(oneLine('a\ud83d b', 10)).toBe('a b');
  });
});
