export { lightningProvider } from './lightning-provider.js';
export type { LightningProviderDeps } from './lightning-provider.js';
export type { Timeouts } from './timeouts.js';
