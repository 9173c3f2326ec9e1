import { AppError, pubkeySchema } from '@caravel/domain';
import { generateSecret, open, seal, secretSigner } from '@caravel/nostr';
import { SEALED_ANSWER } from './call-envelope.js';

/** A key for one call: its public half travels with the call, its secret half never leaves this process. */
export function ephemeralKey(): { publicKey: string; openAnswer: (callId: string, box: string) => unknown } {
  const secret = generateSecret();
  return {
    publicKey: secretSigner(secret).pubkey,
    openAnswer: (callId, box) => {
      const { answer } = open({ secrets: [secret], box, use: SEALED_ANSWER, subject: callId });
      if (answer === undefined) throw new AppError('internal', 'A sealed answer holds no answer.');
      const value: unknown = JSON.parse(answer);
      return value;
    },
  };
}

/** Seals an answer so that only the caller can read it; it is bound to the call. */
export function sealAnswer({ sealTo, callId, answer }: { sealTo: string; callId: string; answer: unknown }): string {
  const fields = { answer: JSON.stringify(answer) };
  return seal({ recipient: pubkeySchema.parse(sealTo), use: SEALED_ANSWER, subject: callId, fields });
}
