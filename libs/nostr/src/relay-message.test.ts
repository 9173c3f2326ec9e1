import { parseRelayMessage } from './relay-message.js';

test.each([
  [['EVENT', 'c1', { any: 'thing' }]],
  [['OK', 'id', true, '']],
  [['OK', 'id', false, 'blocked: no']],
  [['EOSE', 'c1']],
  [['CLOSED', 'c1', 'auth-required: who are you']],
  [['AUTH', 'challenge']],
])('%j is understood', (message) => {
  expect(parseRelayMessage(JSON.stringify(message))).toEqual(message);
});

test('missing words are empty and long ones are cut', () => {
  expect(parseRelayMessage('["OK","id",false]')).toEqual(['OK', 'id', false, '']);
  expect(parseRelayMessage(JSON.stringify(['CLOSED', 'c1', 'x'.repeat(10_000)]))?.[2]).toHaveLength(300);
});

test.each([
  ['no JSON', 'hello'],
  ['nothing', ''],
  ['an object', '{}'],
  ['an empty array', '[]'],
  ['a notice', '["NOTICE","hello"]'],
  ['an unknown word', '["PUBLISH","x"]'],
  ['an OK without verdict', '["OK","id"]'],
  ['an OK with a verdict as text', '["OK","id","true",""]'],
  ['an EOSE without id', '["EOSE"]'],
  ['an id that is a number', '["EOSE",1]'],
  ['a challenge of 2 KiB', JSON.stringify(['AUTH', 'x'.repeat(2048)])],
  ['deep nesting', '['.repeat(100_000)],
])('%s means nothing', (_what, text) => {
  expect(parseRelayMessage(text)).toBeUndefined();
});
