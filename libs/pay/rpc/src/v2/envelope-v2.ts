import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { newNonce } from '../new-nonce.js';

/** The method a message belongs to; part of what is authenticated. */
export const METHOD_V2 = { Call2: 1, Watch2: 2 } as const;
export type MethodV2 = (typeof METHOD_V2)[keyof typeof METHOD_V2];

/** The keys of one run of one node, 32 bytes each. `keyId` (8) tells which secret, and says nothing about it. */
export interface KeysV2 {
  keyId: Uint8Array;
  request: Uint8Array;
  response: Uint8Array;
}

/** HKDF-SHA256 (RFC 5869) of the secret's bytes as given. Direction, node and epoch (16 bytes each) are in the key. */
export function keysV2(secret: string, nodeId: Uint8Array, epoch: Uint8Array): KeysV2 {
  const derive = (label: string) => hkdf(secret, Buffer.concat([Buffer.from(`${label}\0`), nodeId, epoch]), 32);
  return {
    keyId: keyIdV2(secret),
    request: derive('afpay-rpc-v2 request'),
    response: derive('afpay-rpc-v2 response'),
  };
}

export const keyIdV2 = (secret: string): Uint8Array => hkdf(secret, Buffer.from('afpay-rpc-v2 key-id'), 8);

/** A request as it is sealed: `nonce` (12 random bytes) binds every frame of the answer to it. */
export interface RequestV2 {
  method: MethodV2;
  nonce: Uint8Array;
  sentAtMs: number;
  body: Uint8Array;
}

export function sealRequest(key: Uint8Array, { method, nonce, sentAtMs, body }: RequestV2): Uint8Array {
  const aad = aadOf(REQUEST, { method, requestNonce: nonce, index: 0, final: true });
  return seal(key, { nonce, aad, plaintext: Buffer.concat([bytesOf(sentAtMs), body]) });
}

/** Throws for anything that this key did not seal as this request. */
export function openRequest(key: Uint8Array, { method, nonce, ciphertext }: SealedRequestV2): RequestV2 {
  const aad = aadOf(REQUEST, { method, requestNonce: nonce, index: 0, final: true });
  const plaintext = open(key, { nonce, aad, ciphertext, headBytes: 8 });
  return { method, nonce, sentAtMs: Number(plaintext.readBigUInt64BE(0)), body: plaintext.subarray(8) };
}

/** One frame of an answer. `epoch`: the node's newest, to which the client moves. */
export interface FrameV2 extends FramePlace {
  sentAtMs: number;
  epoch: Uint8Array;
  body: Uint8Array;
}

export function sealFrame(key: Uint8Array, frame: FrameV2, nonce: Uint8Array = newNonce()): SealedFrameV2 {
  const { sentAtMs, epoch, body, index, final } = frame;
  const plaintext = Buffer.concat([bytesOf(sentAtMs), epoch, body]);
  return {
    nonce,
    index,
    final,
    ciphertext: seal(key, { nonce, aad: aadOf(ANSWER, frame), plaintext }),
  };
}

/** Throws unless it is this frame of the answer to this request. */
export function openFrame(key: Uint8Array, place: FramePlace, { nonce, ciphertext }: EnvelopeV2): FrameV2 {
  const plaintext = open(key, { nonce, aad: aadOf(ANSWER, place), ciphertext, headBytes: 24 });
  const sentAtMs = Number(plaintext.readBigUInt64BE(0));
  return { ...place, sentAtMs, epoch: plaintext.subarray(8, 24), body: plaintext.subarray(24) };
}

/** "AFP2" ‖ direction ‖ method ‖ request nonce (12) ‖ index u32 BE ‖ final: 23 bytes. */
function aadOf(direction: number, { method, requestNonce, index, final }: FramePlace): Buffer {
  // Of the pool, for every byte is written below; a buffer of its own for each message is dear.
  const aad = Buffer.allocUnsafe(23);
  aad.write('AFP2', 0, 'latin1');
  aad[4] = direction;
  aad[5] = method;
  aad.set(requestNonce, 6);
  aad.writeUInt32BE(index, 18);
  aad[22] = final ? 1 : 0;
  return aad;
}

function seal(
  key: Uint8Array,
  { nonce, aad, plaintext }: { nonce: Uint8Array; aad: Buffer; plaintext: Buffer },
): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad);
  const ciphertext = cipher.update(plaintext);
  // GCM is a stream: nothing is left for the end.
  cipher.final();
  return Buffer.concat([ciphertext, cipher.getAuthTag()]);
}

/** Node accepts tags of four bytes unless it is told their length. */
function open(
  key: Uint8Array,
  { nonce, aad, ciphertext, headBytes }: EnvelopeV2 & { aad: Buffer; headBytes: number },
): Buffer {
  if (nonce.length !== 12 || ciphertext.length < headBytes + TAG_BYTES) throw new Error('no sealed message');
  const bytes = Buffer.from(ciphertext.buffer, ciphertext.byteOffset, ciphertext.byteLength);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad).setAuthTag(bytes.subarray(-TAG_BYTES));
  const plaintext = decipher.update(bytes.subarray(0, -TAG_BYTES));
  // Throws unless the tag is right; only then is the text what was sealed.
  decipher.final();
  return plaintext;
}

function hkdf(secret: string, info: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, 'afpay-rpc-v2', info, length));
}

function bytesOf(milliseconds: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(milliseconds));
  return bytes;
}

const REQUEST = 1;
const ANSWER = 2;
const TAG_BYTES = 16;

interface EnvelopeV2 {
  nonce: Uint8Array;
  ciphertext: Uint8Array;
}

export interface SealedRequestV2 extends EnvelopeV2 {
  method: MethodV2;
}

export interface SealedFrameV2 extends EnvelopeV2 {
  index: number;
  final: boolean;
}

/** Which frame of which answer. `Call2` has one, index 0 and final. */
export interface FramePlace {
  method: MethodV2;
  requestNonce: Uint8Array;
  index: number;
  final: boolean;
}
