import { decrypt, encrypt } from 'nostr-tools/nip04';

/** NIP-04, deprecated: only for wallets that announce nothing newer (NIP-47). It does not authenticate the text. */
export function nip04Encrypt(secret: Uint8Array, peer: string, plaintext: string): string {
  return encrypt(secret, peer, plaintext);
}

/** @throws Error when the payload is malformed; a wrong key may also give rubbish. */
export function nip04Decrypt(secret: Uint8Array, peer: string, payload: string): string {
  return decrypt(secret, peer, payload);
}
