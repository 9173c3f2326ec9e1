import { keyIdV2, keysV2, METHOD_V2, openFrame, openRequest, sealFrame, sealRequest } from './envelope-v2.js';
import type { FramePlace, MethodV2 } from './envelope-v2.js';
import vectors from './vectors.json' with { type: 'json' };

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const { secret } = vectors;
const nodeId = bytes(vectors.node_id);
const epoch = bytes(vectors.epoch);
const keys = keysV2(secret, nodeId, epoch);
const frames = [vectors.call2_response, ...vectors.watch2_frames].map((frame) => ({
  ...frame,
  method: frame.method as MethodV2,
  requestNonce: bytes(frame.method === METHOD_V2.Call2 ? vectors.request_nonce : vectors.watch2_request.nonce),
}));
const requests = [
  { ...vectors.call2_request, method: METHOD_V2.Call2, nonce: vectors.request_nonce },
  { ...vectors.watch2_request, method: METHOD_V2.Watch2 },
];

describe('envelope v2, by its vectors', () => {
  it('derives the keys', () => {
    expect(hex(keyIdV2(secret))).toBe(vectors.key_id);
    expect(hex(keys.request)).toBe(vectors.request_key);
    expect(hex(keys.response)).toBe(vectors.response_key);
  });

  it.each(requests)(
    'seals and opens the request of method $method',
    ({ method, nonce, sent_at_ms, body, ciphertext }) => {
      const request = { method, nonce: bytes(nonce), sentAtMs: sent_at_ms, body: Buffer.from(body) };
      expect(hex(sealRequest(keys.request, request))).toBe(ciphertext);
      expect(openRequest(keys.request, { ...request, ciphertext: bytes(ciphertext) })).toEqual(request);
    },
  );

  it.each(frames)('seals and opens frame $index of method $method', (frame) => {
    const { method, requestNonce, index, final } = frame;
    const place = { method, requestNonce, index, final };
    const full = { ...place, sentAtMs: frame.sent_at_ms, epoch, body: Buffer.from(frame.body) };
    expect(hex(sealFrame(keys.response, full, bytes(frame.nonce)).ciphertext)).toBe(frame.ciphertext);
    const opened = openFrame(keys.response, place, { nonce: bytes(frame.nonce), ciphertext: bytes(frame.ciphertext) });
    expect(String(opened.body)).toBe(frame.body);
    expect(hex(opened.epoch)).toBe(vectors.epoch);
  });
});

describe('envelope v2 refuses', () => {
  const other = (value: Uint8Array) => Uint8Array.from(value, (byte, index) => (index === 0 ? byte ^ 1 : byte));
  const openIt = (
    frame: (typeof frames)[number],
    wrong: Partial<FramePlace & { key: Uint8Array; ciphertext: Uint8Array }>,
  ) => {
    const { key = keys.response, ciphertext = bytes(frame.ciphertext), ...place } = wrong;
    return () => openFrame(key, { ...frame, ...place }, { nonce: bytes(frame.nonce), ciphertext });
  };
  const request = { ...vectors.call2_request, nonce: bytes(vectors.request_nonce) };
  const sealed = bytes(request.ciphertext);

  it.each(frames)('frame $index of method $method in any other place', (frame) => {
    expect(openIt(frame, { final: !frame.final })).toThrow();
    expect(openIt(frame, { index: frame.index + 1 })).toThrow();
    expect(openIt(frame, { index: frame.index === 0 ? 1 : 0 })).toThrow();
    expect(openIt(frame, { method: frame.method === 1 ? 2 : 1 })).toThrow();
    expect(openIt(frame, { requestNonce: other(frame.requestNonce) })).toThrow();
    expect(openIt(frame, { key: keysV2(secret, other(nodeId), epoch).response })).toThrow();
    expect(openIt(frame, { key: keysV2(secret, nodeId, other(epoch)).response })).toThrow();
    expect(openIt(frame, { key: keysV2(`${secret}\n`, nodeId, epoch).response })).toThrow();
    expect(openIt(frame, { key: keys.request })).toThrow();
  });

  it('a request as an answer, with either key, and a request on the other method', () => {
    const place: FramePlace = { method: METHOD_V2.Call2, requestNonce: request.nonce, index: 0, final: true };
    for (const key of [keys.request, keys.response]) {
      expect(() => openFrame(key, place, { nonce: request.nonce, ciphertext: sealed })).toThrow();
    }
    const onWatch = { method: METHOD_V2.Watch2, nonce: request.nonce, ciphertext: sealed };
    expect(() => openRequest(keys.request, onWatch)).toThrow();
  });

  it('one bit that changed, one byte less, and tags of 4, 8 and 15 bytes', () => {
    for (const frame of frames) {
      const ciphertext = bytes(frame.ciphertext);
      for (let bit = 0; bit < ciphertext.length * 8; bit += 1) {
        const changed = Uint8Array.from(ciphertext);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(openIt(frame, { ciphertext: changed })).toThrow();
      }
      for (const missing of [1, 8, 12]) {
        expect(openIt(frame, { ciphertext: ciphertext.subarray(0, -missing) })).toThrow();
      }
      expect(openIt(frame, { ciphertext: new Uint8Array(0) })).toThrow();
    }
  });
});
