import { z } from 'zod';

import type { StandIn } from '../stand-in.js';
import type { LoadWatch } from './call-load.js';
import type { ZooidState } from './zooid-state.js';

const editSchema = z.strictObject({
  id: z.string(),
  name: z.string().exactOptional(),
  icon: z.string().exactOptional(),
  description: z.string().exactOptional(),
});
const darkSchema = z.strictObject({ reloads: z.int().nonnegative() });
const membersSchema = z.strictObject({ id: z.string(), members: z.array(z.string().regex(/^[0-9a-f]{64}$/)) });

/**
 * What zooid can be told to do: `set-members {id, members}`, `edit-info {id, name?, icon?, description?}` (as an owner does),
 * `go-dark {reloads}` (the next changes are accepted and not served), `load`, `restart`, `restart-empty`.
 */
export function zooidActions(state: ZooidState, load: LoadWatch): StandIn['actions'] {
  return {
    'edit-info': (argument) => {
      const { id, ...changes } = editSchema.parse(argument);
      state.editInfo(id, changes);
    },
    'go-dark': (argument) => {
      state.darken(darkSchema.parse(argument).reloads);
    },
    load: () => ({ ...load(), needlessSaves: state.needlessSaves() }),
    'set-members': (argument) => {
      const { id, members } = membersSchema.parse(argument);
      state.setMembers(id, members);
    },
    restart: state.restart,
    'restart-empty': state.restartEmpty,
  };
}
