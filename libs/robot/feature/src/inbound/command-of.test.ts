import fc from 'fast-check';
import { loadTexts } from '../texts/load-texts.js';
import { commandOf } from './command-of.js';

const { commands } = loadTexts({ language: 'de' });

describe('what a tenant asks for', () => {
  it.each([
    ['status', 'status'],
    ['  STATUS!\n', 'status'],
    ['/rechnung', 'invoice'],
    ['Rechnung?', 'invoice'],
    ['?', 'help'],
    ['HILFE...', 'help'],
  ])('%j is %s', (text, command) => {
    expect(commandOf(text, commands)).toBe(command);
  });

  it.each(['', ' ', 'status please', 'my status', 'constructor', '//status', 'status\u0000', 'help'.repeat(30)])(
    '%j is no command',
    (text) => {
      expect(commandOf(text, commands)).toBe('unknown');
    },
  );

  it('is one of four things, whatever was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(['status', 'invoice', 'help', 'unknown']).toContain(commandOf(text, commands));
      }),
    );
  });
});
