import { initNostrWasm } from 'nostr-wasm';

/**
 * libsecp256k1 as WebAssembly, loaded once while modules load so that everything above it is synchronous.
 * It trusts the lengths of what it is given and has 1 MiB of memory: only `events.ts` may call it, after checking both.
 */
export const wasm = await initNostrWasm();
