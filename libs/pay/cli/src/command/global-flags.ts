import { text, toggle } from './flag.js';
import type { Flag } from './flag.js';

/** Flags that stand anywhere on a line. Where a command has one of the same name, its own is meant behind its words. */
export const GLOBAL_FLAGS: readonly Flag[] = [
  text('mode', 'M', {
    choices: ['cli', 'pipe', 'interactive', 'tui', 'rpc', 'rest'],
    about: 'cli: one command · pipe: JSON lines in and out · interactive: a prompt · rpc, rest: a node for others',
  }),
  text('output', 'F', { choices: ['json', 'yaml', 'plain'], about: 'json when absent; yaml and plain are for people' }),
  text('data-dir', 'DIR', { about: 'Where wallets, limits and history are; AFPAY_HOME, else ~/.afpay, when absent' }),
  text('rpc-endpoint', 'HOST:PORT', { about: 'Asks this node instead of working here' }),
  text('rpc-secret', 'S', { about: 'Its secret; AFPAY_RPC_SECRET when absent, which no list of processes shows' }),
  text('rpc-protocol', 'V', { choices: ['v1', 'v2'], about: 'v2 when absent; v1 for a node of afpay 0.7' }),
  text('id', 'ID', { about: 'The name of this request; the same again under the same name does nothing twice' }),
  toggle('dry-run', { about: 'Says what would be done: no payment, no price, nothing written' }),
  text('log', 'A,B', { about: 'Events to tell, by how their names begin; `all` for all' }),
  text('rpc-listen', 'ADDR', { about: 'mode rpc: 127.0.0.1:9400 when absent' }),
  text('rest-listen', 'ADDR', { about: 'mode rest: 127.0.0.1:9401 when absent' }),
  text('rest-api-key', 'KEY', { about: 'mode rest: AFPAY_REST_API_KEY when absent' }),
  toggle('public-listen', { about: 'rpc, rest: allows an address that others than this machine can reach' }),
];

/** Said before everything else, wherever they stand. */
export const LOOK_FLAGS: readonly Flag[] = [
  toggle('help', { about: 'This, for the words before it; -h is the same' }),
  toggle('help-markdown', { about: 'The same as one page' }),
  toggle('version', { about: 'Which version this is' }),
];

/** Of `<net> limit` and `<net> config`, before their last word: `ln limit --wallet W add`. */
export const GROUP_FLAGS: Readonly<Record<string, readonly Flag[]>> = {
  limit: [text('wallet', 'W')],
  config: [text('wallet', 'W')],
};
