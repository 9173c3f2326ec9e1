import { isValidEvent } from './events.js';
import { generateSecret, secretSigner } from './signer.js';

const signer = secretSigner(generateSecret());
const signed = signer.sign({ kind: 1, created_at: 1_700_000_000, tags: [['t', 'x']], content: 'hello' });

test('what a signer signs is valid', () => {
  expect(isValidEvent(signed)).toBe(true);
});
