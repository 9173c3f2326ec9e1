export type { ConfigFlags, NodeConfig, NodeKey, RemoteNode } from './config/node-config.js';
export { readConfig } from './config/read-config.js';
export type { ConfigSources } from './config/read-config.js';
