import { AppError, pubkeySchema, type Pubkey } from '@caravel/domain';
import { z } from 'zod';
import { generateSecret, secretSigner, type Signer } from './signer.js';

export type SealedBoxReason = 'malformed' | 'unknown-key' | 'tampered' | 'wrong-use' | 'wrong-subject';

/** A box that must not be used, and why. Neither the message nor a field holds anything of what the box contains. */
export class SealedBoxError extends AppError {
  readonly reason: SealedBoxReason;

  constructor(reason: SealedBoxReason) {
    super('internal', `A sealed value could not be opened (${reason}).`);
    this.reason = reason;
  }
}

export interface SealOptions {
  /** The sealing key of the one service that may open it. */
  recipient: Pubkey;
  /** What the content is for, such as `nwc_url` or `call_answer`: a box sealed for one use opens for no other. */
  use: string;
  /** Whom or what it belongs to (a tenant's pubkey, a call id), so that rows can't be swapped. */
  subject: string;
  fields: Record<string, string>;
}

export interface OpenOptions {
  /** The current secret and any previous one (hex or nsec); the box says which it was sealed to. */
  secrets: readonly string[];
  box: string;
  use: string;
  subject: string;
}

/**
 * Seals `fields` so that only `recipient` can read them: NIP-44 v2 from a key that is used once and forgotten. The box is JSON
 * text `{v:1, to, from, box}`; the sender can't open it again.
 * @throws RangeError when a field has a name of the envelope, or the content is over 65,535 bytes.
 */
export function seal({ recipient, use, subject, fields }: SealOptions): string {
  const taken = Object.keys(fields).find((name) => Object.hasOwn(envelopeShape, name));
  if (taken !== undefined) throw new RangeError(`field name "${taken}" is taken`);
  const sender = secretSigner(generateSecret());
  const plaintext = JSON.stringify({ v: 1, use, subject, ...fields });
  return JSON.stringify({
    v: 1,
    to: recipient,
    from: sender.pubkey,
    box: sender.nip44Encrypt(recipient, plaintext),
  });
}

/** @throws SealedBoxError for every box that was altered, cut, swapped, or sealed to another key or for another use. */
export function open({ secrets, box, use, subject }: OpenOptions): Record<string, string> {
  const parts = parseJson(box, boxSchema);
  const signer = secrets.map(secretSigner).find(({ pubkey }) => pubkey === parts.to);
  if (!signer) throw new SealedBoxError('unknown-key');
  const envelope = parseJson(decrypt(signer, parts), envelopeSchema);
  if (envelope.use !== use) throw new SealedBoxError('wrong-use');
  if (envelope.subject !== subject) throw new SealedBoxError('wrong-subject');
  const fields = Object.entries(envelope).filter(
    (entry): entry is [string, string] => !Object.hasOwn(envelopeShape, entry[0]),
  );
  return Object.fromEntries(fields);
}

/** The key a box was sealed to: which rows a rotation still has to re-seal. @throws SealedBoxError (`malformed`). */
export function boxRecipient(box: string): Pubkey {
  return parseJson(box, boxSchema).to;
}

const boxSchema = z.strictObject({ v: z.literal(1), to: pubkeySchema, from: pubkeySchema, box: z.string() });

const envelopeShape = { v: z.literal(1), use: z.string(), subject: z.string() };
const envelopeSchema = z.object(envelopeShape).catchall(z.string());

function decrypt(signer: Signer, { from, box }: z.infer<typeof boxSchema>): string {
  try {
    return signer.nip44Decrypt(from, box);
  } catch {
    throw new SealedBoxError('tampered'); // no cause: it could quote the content
  }
}

function parseJson<T>(text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SealedBoxError('malformed');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new SealedBoxError('malformed');
  return parsed.data;
}
