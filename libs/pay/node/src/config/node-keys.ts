import { createHash } from 'node:crypto';
import { PayError } from '@caravel/pay-protocol';
import { checkSecret } from './check-secret.js';
import type { NodeKey } from './node-config.js';
import type { Toml } from './toml-schema.js';

/**
 * The keys of both doors. AFPAY_REST_API_KEY and AFPAY_RPC_SECRET make the key `default`, or complete `[keys.default]`. An API
 * key under 32 characters is a warning, and refused on an address that others can reach. Throws a PayError `invalid_config`.
 */
export function nodeKeys(
  toml: Toml,
  { apiKey, rpcSecret, isPublic }: GivenKeys,
): { keys: NodeKey[]; warnings: string[] } {
  const warnings: string[] = [];
  const given = apiKey !== undefined || rpcSecret !== undefined;
  const names = new Set([...(given ? ['default'] : []), ...Object.keys(toml.keys)]);
  if (names.has('local')) throw new PayError('invalid_config', 'keys.local: this name is that of the command line');

  const apiKeyHash = (text: string, where: string): Uint8Array => {
    if (text.length < MIN_API_KEY) {
      const what = `${where}: an API key under ${MIN_API_KEY} characters can be guessed`;
      if (isPublic) throw new PayError('invalid_config', what, { hint: 'openssl rand -hex 32' });
      warnings.push(what);
    }
    return hashOf(text);
  };
  const keys = [...names].map((name): NodeKey => {
    const said = toml.keys[name];
    const isDefault = name === 'default';
    const where = `keys.${name}`;
    return {
      caller: {
        keyName: name,
        isLocal: false,
        role: said?.role ?? 'payer',
        ...(said?.networks && { networks: said.networks }),
        ...(said?.wallets && { wallets: said.wallets }),
        ...(said?.inputs && { inputs: said.inputs }),
      },
      apiKeyHashes: [
        ...(isDefault && apiKey !== undefined ? [apiKeyHash(apiKey, 'AFPAY_REST_API_KEY')] : []),
        ...(said?.api_key_secret === undefined ? [] : [apiKeyHash(said.api_key_secret, `${where}.api_key_secret`)]),
      ],
      rpcSecrets: [
        ...(isDefault && rpcSecret !== undefined ? [checkSecret(rpcSecret, 'AFPAY_RPC_SECRET')] : []),
        ...(said?.rpc_secret === undefined ? [] : [checkSecret(said.rpc_secret, `${where}.rpc_secret`)]),
        ...(said?.previous_rpc_secret === undefined
          ? []
          : [checkSecret(said.previous_rpc_secret, `${where}.previous_rpc_secret`)]),
      ],
    };
  });
  checkDistinct(keys);
  return { keys, warnings };
}

/** Who a request is from must have one answer. */
function checkDistinct(keys: readonly NodeKey[]): void {
  const owners = new Map<string, string>();
  for (const { caller, apiKeyHashes, rpcSecrets } of keys) {
    const own = [
      ...apiKeyHashes.map((hash) => `api:${Buffer.from(hash).toString('hex')}`),
      ...rpcSecrets.map((secret) => `rpc:${Buffer.from(hashOf(secret)).toString('hex')}`),
    ];
    for (const secret of own) {
      const owner = owners.get(secret);
      if (owner !== undefined && owner !== caller.keyName) {
        throw new PayError('invalid_config', `keys.${caller.keyName}: has the same secret as keys.${owner}`);
      }
      owners.set(secret, caller.keyName);
    }
  }
}

export const hashOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();

const MIN_API_KEY = 32;

interface GivenKeys {
  apiKey?: string | undefined;
  rpcSecret?: string | undefined;
  isPublic: boolean;
}
