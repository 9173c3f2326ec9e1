import { nostrSecret } from './nostr-secret.js';

// NIP-19's own example.
const NSEC = 'nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5';
const HEX = '67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa';

it.each([HEX, HEX.toUpperCase(), ` ${HEX}\n`, NSEC])('is the same key however it is written', (text) => {
  expect(nostrSecret().parse(text)).toBe(HEX);
});

it.each(['', '0'.repeat(64), HEX.slice(1), NSEC.slice(1), `${NSEC}x`, undefined])('refuses %p', (text) => {
  const read = nostrSecret('a key').safeParse(text);
  expect(read.error?.issues.map(({ message }) => message)).toEqual(['a key']);
});
