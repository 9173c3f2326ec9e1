/**
 * Hides what looks like a secret inside a text, wherever it came from: cashu tokens, wallet connection URIs, mnemonics,
 * passwords in URLs, and anything called secret, password, key or preimage. A text that merely looks like one is hidden too.
 */
export function scrubText(text: string): string {
  return PATTERNS.reduce((scrubbed, [pattern, replacement]) => scrubbed.replace(pattern, replacement), text);
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // NUT-00 tokens, V3 and V4.
  [/cashu[AB][A-Za-z0-9_\-+/=]{8,}/g, 'cashu***'],
  // NIP-47.
  [/nostr\+?walletconnect:[^\s"'<>]*/gi, 'nostr+walletconnect://***'],
  // NIP-19 secret keys.
  [/nsec1[02-9ac-hj-np-z]{20,}/gi, 'nsec1***'],
  // Userinfo of any URL: postgres, http, redis.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]*@/gi, '$1***@'],
  // Anything by its name, before its name could pass for a word of a mnemonic; the value may be one.
  [
    /\b((?:[a-z0-9]+[_-])*(?:secret|password|passwd|preimage|mnemonic|api[_-]?key|admin[_-]?key)["']?\s*[=:]\s*["']?)(?:[a-z]{3,8}(?:[ ,]+[a-z]{3,8}\b){11,}|[^\s"',;&}]+)/gi,
    '$1***',
  ],
  // BIP39: twelve or more words of three to eight letters in a row.
  [/\b(?:[a-z]{3,8}[ ,]+){11,}[a-z]{3,8}\b/g, '***'],
];
