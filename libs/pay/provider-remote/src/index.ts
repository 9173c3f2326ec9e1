export type { RemoteNode } from './remote-node.js';
export { remoteProvider } from './remote-provider.js';
