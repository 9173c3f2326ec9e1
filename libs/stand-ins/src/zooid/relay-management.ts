import { type Clock, unixSeconds } from '@caravel/domain';
import { checkHttpAuth } from '@caravel/nostr';
import { z } from 'zod';

import type { HttpAnswer } from '../http-server.js';
import type { HttpCall } from '../http-stand-in.js';
import type { ZooidConfig } from './zooid-config.js';
import type { InfoChanges } from './zooid-state.js';

const RPC_TYPE = 'application/nostr+json+rpc';
const requestSchema = z.object({ method: z.string(), params: z.array(z.unknown()).default([]) });
const FIELD_OF: Readonly<Record<string, keyof InfoChanges>> = {
  changerelayname: 'name',
  changerelayicon: 'icon',
  changerelaydescription: 'description',
};

export const isRelayManagement = ({ method, headers }: HttpCall): boolean =>
  method === 'POST' && (headers['content-type'] ?? '').startsWith(RPC_TYPE);

/**
 * NIP-86 at a relay's own host, as far as it changes what NIP-11 shows: with a NIP-98 event (method, URL, payload) of the
 * owner, the relay itself or a role that may manage. Errors are `{error}` with status 200, as there.
 */
export function answerRelayManagement(call: HttpCall, deps: RelayManagementDeps): HttpAnswer {
  const said = (body: object): HttpAnswer => ({ status: 200, headers: { 'content-type': RPC_TYPE }, body });
  const refused = refusal(call, deps);
  if (refused !== undefined) return said({ error: refused });
  const request = readRequest(call.body);
  if (request?.method === 'supportedmethods') return said({ result: Object.keys(FIELD_OF) });
  const field = FIELD_OF[request?.method ?? ''];
  const [value] = request?.params ?? [];
  if (field === undefined || typeof value !== 'string') return said({ error: 'method or params not supported' });
  deps.edit({ [field]: value });
  return said({ result: true });
}

function refusal({ headers, host, method, path, body }: HttpCall, deps: RelayManagementDeps): string | undefined {
  const { config, self, clock } = deps;
  if (config.management?.enabled !== true) return 'management is not enabled';
  const checked = checkHttpAuth(headers.authorization, {
    mode: 'strict',
    serverUrls: [`http://${host}`, `https://${host}`],
    nowS: unixSeconds(clock.now()),
    method,
    target: path,
    body: Buffer.from(body ?? ''),
  });
  if (!checked.ok) return `invalid auth: ${checked.reason}`;
  const managers = Object.values(config.roles ?? {}).flatMap((role) => (role.can_manage ? (role.pubkeys ?? []) : []));
  return [config.info.pubkey, self, ...managers].includes(checked.pubkey) ? undefined : 'restricted';
}

function readRequest(body: string | undefined): z.output<typeof requestSchema> | undefined {
  try {
    return requestSchema.parse(JSON.parse(body ?? ''));
  } catch {
    return undefined;
  }
}

interface RelayManagementDeps {
  config: ZooidConfig;
  /** The relay's own public key. */
  self: string;
  clock: Clock;
  edit: (changes: InfoChanges) => void;
}
