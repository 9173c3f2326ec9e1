import { type Clock, unixSeconds } from '@caravel/domain';

import type { HttpAnswer as Answer } from '../http-server.js';
import type { HttpCall } from '../http-stand-in.js';
import { managementSigner } from './management-auth.js';
import { mergePatch } from './merge-patch.js';
import { checkConfig } from './zooid-config.js';
import type { ZooidState } from './zooid-state.js';

/** One management call, after Host has been matched: NIP-98, whitelist, route, body, checks. */
export function answerManagement(call: HttpCall, deps: ManagementDeps): Answer {
  const signer = managementSigner(call, unixSeconds(deps.clock.now()));
  if ('error' in signer) return problem(401, signer.error);
  if (!deps.whitelist.includes(signer.pubkey)) return problem(403, 'pubkey not in whitelist');

  const [, id, members] = /^\/relay\/([A-Za-z0-9_-]+)(\/members)?$/.exec(call.path) ?? [];
  if (id === undefined) return problem(404, 'not found');
  if (members !== undefined) return call.method === 'GET' ? listMembers(deps.state, id) : notAllowed();
  switch (call.method) {
    case 'POST':
      return create(deps.state, id, readConfig(call));
    case 'PUT':
      return change(deps.state, id, readConfig(call));
    case 'PATCH': {
      const patch = readConfig(call);
      return change(deps.state, id, patch && { value: mergePatch(deps.state.configs.get(id), patch.value) });
    }
    case 'DELETE':
      return remove(deps.state, id);
    default:
      return notAllowed();
  }
}

function create(state: ZooidState, id: string, body: Body | undefined): Answer {
  if (state.configs.has(id)) return problem(409, 'relay already exists');
  return save(state, id, body) ?? { status: 201, body: { message: 'relay created' } };
}

function change(state: ZooidState, id: string, body: Body | undefined): Answer {
  if (!state.configs.has(id)) return problem(404, 'relay not found');
  return save(state, id, body) ?? { status: 200, body: { message: 'relay updated' } };
}

function remove(state: ZooidState, id: string): Answer {
  if (!state.configs.has(id)) return problem(404, 'relay not found');
  state.remove(id);
  return { status: 200, body: { message: 'relay deleted' } };
}

function listMembers(state: ZooidState, id: string): Answer {
  const members = state.members(id);
  return members ? { status: 200, body: { members } } : problem(404, 'relay not found');
}

/** Undefined when saved. */
function save(state: ZooidState, id: string, body: Body | undefined): Answer | undefined {
  if (!body) return problem(400, 'body is not JSON or is too long');
  const checked = checkConfig(body.value);
  if ('error' in checked) return problem(400, checked.error);
  if (state.isTaken(id, checked.config)) return problem(409, 'host or schema is used by another relay');
  state.save(id, checked.config);
  return undefined;
}

function readConfig({ body }: HttpCall): Body | undefined {
  try {
    return body === undefined ? undefined : { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}

const problem = (status: number, error: string): Answer => ({ status, body: { error } });
const notAllowed = (): Answer => problem(405, 'method not allowed');

interface Body {
  value: unknown;
}

interface ManagementDeps {
  state: ZooidState;
  clock: Clock;
  whitelist: readonly string[];
}
