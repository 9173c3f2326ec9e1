import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from './clock.js';

/** Opaque ids: UUIDv7 as lower-case text (RFC 9562). They sort by creation, but nothing relies on it: `seq` orders facts. */
export const idSchema = z.uuid().brand<'Id'>();
export type Id = z.infer<typeof idSchema>;

/** Makes ids; randomness and time come in from outside. */
export type NewId = () => Id;

/** UUIDv7: 48 bits of unix milliseconds, then 74 random bits (RFC 9562 section 5.7). */
export function idMaker(clock: Clock, randomBytes: (size: number) => Uint8Array = nodeRandomBytes): NewId {
  return () => {
    const bytes = Buffer.alloc(16);
    bytes.set(randomBytes(10), 6);
    bytes.writeUIntBE(clock.now().getTime(), 0, 6);
    bytes[6] = 0x70 | (bytes.readUInt8(6) & 0x0f);
    bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
    const hex = bytes.toString('hex');
    const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
    return idSchema.parse(parts.join('-'));
  };
}
