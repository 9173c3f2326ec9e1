import {
  messagingRelayListEvent,
  messagingRelays,
  profileEvent,
  readRelays,
  relayListEvent,
  writeRelays,
} from './nip65.js';
import { generateSecret, secretSigner } from './signer.js';

const signer = secretSigner(generateSecret());
const relayList = (...tags: string[][]) => signer.sign({ kind: 10_002, created_at: 1, tags, content: '' });
const inbox = (...tags: string[][]) => signer.sign({ kind: 10_050, created_at: 1, tags, content: '' });

test('what is written can be read', () => {
  const relays = ['wss://a.example', 'wss://b.example/path'];
  const list = signer.sign(relayListEvent(relays, 1));
  expect(readRelays(list)).toEqual(relays);
  expect(writeRelays(list)).toEqual(relays);
  expect(messagingRelays(signer.sign(messagingRelayListEvent(relays, 1)))).toEqual(relays);
});

test('markers say which relay is for what', () => {
  const list = relayList(
    ['r', 'wss://both.example'],
    ['r', 'wss://in.example', 'read'],
    ['r', 'wss://out.example', 'write'],
    ['r', 'wss://odd.example', ''],
  );
  expect(readRelays(list)).toEqual(['wss://both.example', 'wss://in.example', 'wss://odd.example']);
  expect(writeRelays(list)).toEqual(['wss://both.example', 'wss://out.example', 'wss://odd.example']);
});

test('only relay addresses are taken, once each, at most 20', () => {
  const junk = [['r'], ['r', ''], ['r', 'https://a.example'], ['r', 'not a url'], ['p', 'wss://p.example'], []];
  expect(readRelays(relayList(...junk, ['r', 'WSS://A.example/'], ['r', 'wss://a.example']))).toEqual([
    'wss://a.example',
  ]);
  const many = Array.from({ length: 500 }, (_, i) => ['relay', `wss://r${i}.example`]);
  expect(messagingRelays(inbox(...many))).toHaveLength(20);
});

test('a list of another kind is no list', () => {
  expect(readRelays(inbox(['r', 'wss://a.example']))).toEqual([]);
  expect(messagingRelays(relayList(['relay', 'wss://a.example']))).toEqual([]);
});

test('a profile is JSON without what is absent', () => {
  const { kind, content } = profileEvent({ name: 'Caravel', about: 'hosts relays', picture: undefined }, 1);
  expect(kind).toBe(0);
  expect(JSON.parse(content)).toEqual({ name: 'Caravel', about: 'hosts relays' });
});
