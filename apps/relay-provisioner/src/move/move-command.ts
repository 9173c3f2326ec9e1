import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AppError, idSchema } from '@caravel/domain';
import type { Clock, Id } from '@caravel/domain';
import type { Move, MoveStore } from '@caravel/provisioning-data-access';
import { drainInstance } from '@caravel/provisioning-feature';
import type { InstanceRules } from '@caravel/provisioning-feature';
import { instanceLines, moveLine } from './move-lines.js';

/** The operator's command. Answers the exit code: 0 done, 1 refused or undone, 2 wrong arguments. */
export async function moveCommand(args: readonly string[], context: MoveContext): Promise<number> {
  const { say } = context;
  const given = readArgs(args);
  if (!given || given.help) {
    say(HELP);
    return given ? 0 : 2;
  }
  try {
    const world = context.open();
    try {
      return await run(given, { ...context, ...world });
    } finally {
      await world.close();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    say(error.message);
    return 1;
  }
}

async function run(given: Given, context: World): Promise<number> {
  const { moves, instances, say } = context;
  if (given.instances) {
    for (const line of instanceLines(instances, await moves.counts())) say(line);
    return 0;
  }
  if (given.list) {
    const rows = await moves.list(50);
    for (const move of rows) say(moveLine(move, context.clock.now()));
    if (rows.length === 0) say('No relay has ever been moved.');
    return 0;
  }
  if (given.cancel !== undefined) return cancel(parseId(given.cancel), context);
  if (!context.canWrite) {
    throw refused(
      "Relays move only where ZOOID_IMPORT_COMMAND is set, zooid's own import program. See docs/operations.md.",
    );
  }
  if (given.drain !== undefined) return drain(given.drain, given, context);
  return moveOne(given, context);
}

async function cancel(relayId: Id, { moves, say }: World): Promise<number> {
  if (!(await moves.cancel(relayId))) throw refused('No move of that relay can be undone any more.');
  say('The relay goes back to where it was.');
  return 0;
}

async function moveOne({ relay, to, wait }: Given, context: World): Promise<number> {
  const target = context.instances.find(({ name }) => name === to);
  const names = context.instances.map(({ name }) => name).join(', ');
  if (!target) throw refused(`ZOOID_INSTANCES has no "${to ?? ''}"; it has: ${names}.`);
  if (target.draining) throw refused(`"${target.name}" is draining: it takes no relays.`);
  const move = await context.moves.plan({ relayId: parseId(relay ?? ''), target });
  context.say(`The move of ${move.relayId} from "${move.source}" to "${move.target}" is planned.`);
  return wait ? follow(move, context) : 0;
}

async function drain(source: string, { wait }: Given, context: World): Promise<number> {
  const { planned, refused: left } = await drainInstance(context, source);
  context.say(`${planned} moves are planned, ${left.length} relays stay at "${source}".`);
  for (const { relayId, reason } of left) context.say(`  ${relayId}: ${reason}`);
  let failed = left.length;
  if (!wait) return failed > 0 ? 1 : 0;
  const running = (await context.moves.running(source)).reverse();
  for (let move = running.pop(); move; move = running.pop()) failed += await follow(move, context);
  return failed > 0 ? 1 : 0;
}

/** Shows every step, and every few seconds how much is copied, until the move has ended. */
async function follow({ id }: Move, { moves, clock, say, pollMs = 500 }: World): Promise<number> {
  for (let [said, saidMs] = ['', 0]; ;) {
    const move = await moves.find(id);
    if (!move) throw refused('The move is gone.');
    const [now, news] = [clock.now(), `${move.state} ${move.error}`];
    if (news !== said || now.getTime() - saidMs >= COPYING_EVERY_MS) {
      say(moveLine(move, now));
      [said, saidMs] = [news, now.getTime()];
    }
    if (move.finishedAt) return move.state === 'done' ? 0 : 1;
    await delay(pollMs);
  }
}

function readArgs(args: readonly string[]): Given | null {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    const modes = [values.relay, values.drain, values.cancel, values.list, values.instances, values.help];
    const complete = (values.relay === undefined) === (values.to === undefined);
    return complete && modes.filter((mode) => mode !== undefined).length === 1
      ? { ...values, wait: values['no-wait'] !== true }
      : null;
  } catch {
    return null;
  }
}

function parseId(text: string): Id {
  const id = idSchema.safeParse(text).data;
  if (!id) throw refused(`"${text}" is no relay's id.`);
  return id;
}

const COPYING_EVERY_MS = 5000;

const refused = (message: string) => new AppError('invalid-request', message);

const OPTIONS = {
  relay: { type: 'string' },
  to: { type: 'string' },
  drain: { type: 'string' },
  cancel: { type: 'string' },
  list: { type: 'boolean' },
  instances: { type: 'boolean' },
  'no-wait': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const HELP = `Moves relays from one zooid to another, with their key, events and members.

  node move/main.mjs --instances                   the zooids of ZOOID_INSTANCES, and how many relays each has
  node move/main.mjs --relay ID --to INSTANCE      move one relay
  node move/main.mjs --drain INSTANCE              move all relays of an instance that is marked ;draining
  node move/main.mjs --list                        moves under way, then those that ended last
  node move/main.mjs --cancel ID                   a relay that is not switched yet goes back

This command writes down what shall move, and shows how far it is; relay-provisioner does it, one relay after the other.
Ending this command (Ctrl-C) ends nothing, --no-wait does not even begin to look. It needs the environment of
relay-provisioner: DATABASE_URL, ZOOID_INSTANCES, ZOOID_IMPORT_COMMAND and the rest.

While a relay is copied it answers nobody (404); that takes about as long as reading its events three times.`;

interface Given {
  relay?: string | undefined;
  to?: string | undefined;
  drain?: string | undefined;
  cancel?: string | undefined;
  list?: boolean | undefined;
  instances?: boolean | undefined;
  help?: boolean | undefined;
  wait: boolean;
}

interface Opened {
  moves: MoveStore;
  instances: readonly InstanceRules[];
  /** ZOOID_IMPORT_COMMAND is set. */
  canWrite: boolean;
  close: () => Promise<void>;
}

interface World extends Omit<MoveContext, 'open'>, Opened {}

export interface MoveContext {
  /** Reads the configuration and connects; only when there is something to do. */
  open: () => Opened;
  clock: Clock;
  say: (line: string) => void;
  pollMs?: number;
}
