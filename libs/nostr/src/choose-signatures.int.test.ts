import { chooseSignatures, signatureFields } from './choose-signatures.js';
import { secp256k1, useSecp256k1 } from './secp256k1.js';
import { openNativeSecp256k1 } from './secp256k1-native.js';
import { wasmSecp256k1 } from './secp256k1-wasm.js';

const isInstalled = await openNativeSecp256k1().then(
  () => true,
  () => false,
);

async function start(env: { SIGNATURES?: 'auto' | 'wasm' | 'native'; SECP256K1_LIBRARY?: string }) {
  const told: unknown[] = [];
  const log = { info: (fields: object, text: string) => told.push([text, fields]) };
  const metrics = { count: (name: string, labels: object) => told.push([name, labels]) };
  const config = { SIGNATURES: signatureFields.SIGNATURES.parse(env.SIGNATURES), ...env };
  await chooseSignatures({ SECP256K1_LIBRARY: undefined, ...config }, { log, metrics });
  return { told, name: secp256k1().name };
}

afterEach(() => {
  useSecp256k1(wasmSecp256k1);
});

it('takes the library of the system where it is installed, and tells which', async () => {
  const verifier = isInstalled ? 'native' : 'wasm';
  const { told, name } = await start({});
  expect(name).toBe(verifier);
  expect(told).toEqual([
    ['caravel_signature_verifier_info', { verifier }],
    ['signatures', expect.objectContaining({ verifier })],
  ]);
});

it('does without it when told to', async () => {
  const { told, name } = await start({ SIGNATURES: 'wasm' });
  expect(name).toBe('wasm');
  expect(told).toContainEqual(['signatures', { verifier: 'wasm' }]);
});

it.each([
  ['a library that is not there', '/nowhere/libsecp256k1.so'],
  ['a library of another kind', 'libc.so.6'],
])('refuses to start with %s, and says what to install', async (_what, path) => {
  for (const SIGNATURES of ['native', 'auto'] as const) {
    await expect(start({ SIGNATURES, SECP256K1_LIBRARY: path })).rejects.toThrow(
      /^SIGNATURES=(native|auto): needs .*apt-get install libsecp256k1-1.*koffi/,
    );
  }
  expect(secp256k1().name).toBe('wasm');
});
