export type { Bolt11, Bolt11Network } from './bolt11.js';
export { Bolt11Error } from './bolt11-error.js';
export { nodeKey } from './bolt11-signature.js';
export { decodeBolt11 } from './decode-bolt11.js';
export { encodeBolt11 } from './encode-bolt11.js';
export type { Bolt11Input } from './encode-bolt11.js';
