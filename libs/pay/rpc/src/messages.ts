import protobuf from 'protobufjs/minimal.js';

/** The messages of service afpay.AfPay (proto3). Every field is bytes but two; unknown fields are skipped. */
export interface EncryptedMessage {
  nonce: Uint8Array;
  ciphertext: Uint8Array;
}
export interface HelloReply {
  nodeId: Uint8Array;
  epoch: Uint8Array;
}
export interface SealedRequest {
  keyId: Uint8Array;
  epoch: Uint8Array;
  nonce: Uint8Array;
  ciphertext: Uint8Array;
}
export interface SealedFrame {
  nonce: Uint8Array;
  ciphertext: Uint8Array;
  index: number;
  final: boolean;
}

/** How a message becomes bytes and comes back. Decoding throws for what is no message. */
export interface Codec<Message> {
  encode: (message: Message) => Buffer;
  decode: (bytes: Uint8Array) => Message;
}

/** `EncryptedRequest` and `EncryptedResponse`. */
export const encryptedMessage: Codec<EncryptedMessage> = {
  encode: ({ nonce, ciphertext }) => written([nonce, ciphertext]),
  decode: (bytes) => {
    const read = fieldsOf(bytes);
    return { nonce: read.bytes(1), ciphertext: read.bytes(2) };
  },
};

export const helloRequest: Codec<object> = { encode: () => Buffer.alloc(0), decode: () => ({}) };

export const helloReply: Codec<HelloReply> = {
  encode: ({ nodeId, epoch }) => written([nodeId, epoch]),
  decode: (bytes) => {
    const read = fieldsOf(bytes);
    return { nodeId: read.bytes(1), epoch: read.bytes(2) };
  },
};

export const sealedRequest: Codec<SealedRequest> = {
  encode: ({ keyId, epoch, nonce, ciphertext }) => written([keyId, epoch, nonce, ciphertext]),
  decode: (bytes) => {
    const read = fieldsOf(bytes);
    return { keyId: read.bytes(1), epoch: read.bytes(2), nonce: read.bytes(3), ciphertext: read.bytes(4) };
  },
};

export const sealedFrame: Codec<SealedFrame> = {
  encode: ({ nonce, ciphertext, index, final }) => written([nonce, ciphertext], [index, final ? 1 : 0]),
  decode: (bytes) => {
    const read = fieldsOf(bytes);
    return { nonce: read.bytes(1), ciphertext: read.bytes(2), index: read.number(3), final: read.number(4) !== 0 };
  },
};

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const tag = (field: number, wireType: number): number => (field << 3) | wireType;

/** Fields numbered from 1, those of bytes first. Empty ones and zeros are left out, as proto3 does. */
function written(texts: readonly Uint8Array[], numbers: readonly number[] = []): Buffer {
  const writer = protobuf.Writer.create();
  texts.forEach((value, index) => {
    if (value.length > 0) writer.uint32(tag(index + 1, LENGTH_DELIMITED)).bytes(value);
  });
  numbers.forEach((value, index) => {
    if (value > 0) writer.uint32(tag(texts.length + index + 1, VARINT)).uint32(value);
  });
  const { buffer, byteOffset, byteLength } = writer.finish();
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The last of a repeated field counts; an absent one is empty or 0. */
function fieldsOf(bytes: Uint8Array): { bytes: (field: number) => Uint8Array; number: (field: number) => number } {
  const reader = protobuf.Reader.create(bytes);
  const texts = new Map<number, Uint8Array>();
  const numbers = new Map<number, number>();
  while (reader.pos < reader.len) {
    const key = reader.uint32();
    const field = key >>> 3;
    const wireType = key & 7;
    if (wireType === LENGTH_DELIMITED) texts.set(field, reader.bytes());
    else if (wireType === VARINT) numbers.set(field, reader.uint32());
    else reader.skipType(wireType);
  }
  return { bytes: (field) => texts.get(field) ?? new Uint8Array(0), number: (field) => numbers.get(field) ?? 0 };
}
