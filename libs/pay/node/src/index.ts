export type { ConfigFlags, NodeConfig, NodeKey, RemoteNode } from './config/node-config.js';
export { readConfig } from './config/read-config.js';
export type { ConfigSources } from './config/read-config.js';
export { runPayNode } from './daemon/run-pay-node.js';
export type { PayNodeOptions } from './daemon/daemon-config.js';
export { openNode } from './node/open-node.js';
export type { OpenNodeDeps, PayNode } from './node/open-node.js';
