import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { externalEndpoints, operatorEnvironment, refuseHalfReal, refuseLiveKeys } from './environment.js';
import type { Environment } from './environment.js';
import { lockFolder } from './folder-lock.js';
import { runLife } from './run-life.js';
import { parseOptions, SANDBOX_HELP } from './options.js';
import type { SandboxOptions } from './options.js';
import { portOrFree } from './ports.js';
import { allStarted, partsInOrder } from './sandbox-parts.js';
import type { AddPart, SandboxTools } from './sandbox-parts.js';
import { sandboxSecrets } from './secrets.js';
import { serviceEnvironments } from './service-environment.js';
import { startStandInsProcess } from './stand-ins-process.js';
import { startServices } from './start-services.js';
import { startStores } from './start-stores.js';
import { removeState, writeState } from './state-file.js';
import type { SandboxState } from './state-file.js';
import { perService, SERVICES } from './variables.js';
import type { ServiceName } from './variables.js';
import { welcome } from './welcome.js';

export interface SandboxStart {
  args: readonly string[];
  env: Environment;
  tools: SandboxTools;
  /** One line of progress, with the time. */
  say: (text: string) => void;
  /** One line as it is, to be copied. */
  print: (text: string) => void;
  /** Ends the sandbox: Ctrl-C. */
  stopped: AbortSignal;
}

/**
 * `npm start`: brings everything up, walks a tenant through a life, stays up until `stopped`, stops everything it started.
 * Answers the exit code: 1 when a step of the life failed.
 */
export async function startSandbox({ args, env, tools, say, print, stopped }: SandboxStart): Promise<number> {
  const options = parseOptions(args);
  if (!options) {
    print(SANDBOX_HELP);
    return 0;
  }
  const operator = operatorEnvironment(env);
  refuseLiveKeys(operator, options.live);
  refuseHalfReal(operator);
  const dir = resolve(options.dir);
  mkdirSync(join(dir, 'logs'), { recursive: true });

  const { add, stopAll } = partsInOrder();
  try {
    add(lockFolder(dir));
    const state = await bringUp({ options: { ...options, dir }, operator, tools, say, add, stopped });
    const lived = await live({ options, operator, state, say, print, stopped });
    if (!options.once && !stopped.aborted) {
      welcome(state, { print, lived: lived === 'passed' });
      await aborted(stopped);
    }
    if (stopped.aborted) say('stopping');
    return lived === 'failed' ? 1 : 0;
  } catch (error) {
    if (stopped.aborted) return 0; // Ctrl-C in the middle of the start
    throw error;
  } finally {
    await stopAll();
    removeState(dir);
  }
}

interface BringUp {
  options: SandboxOptions;
  operator: Environment;
  tools: SandboxTools;
  say: (text: string) => void;
  add: AddPart;
  stopped: AbortSignal;
}

async function bringUp({ options, operator, tools, say, add, stopped }: BringUp): Promise<SandboxState> {
  const secrets = sandboxSecrets(options.dir);
  const logDir = join(options.dir, 'logs');
  const [stores, standIns] = await allStarted([
    startStores({ options, operator, tools }, add, say),
    startStandInsProcess({
      file: join(tools.appsDir, 'sandbox/dist/stand-ins.mjs'),
      config: { dir: join(options.dir, 'stand-ins'), robotPubkey: zooidPubkey(operator, secrets.robot) },
      logFile: join(logDir, 'stand-ins.log'),
    }).then(add),
  ]);
  say('stand-ins for zooid, Stripe, rates, wallets and a Nostr relay');
  stopped.throwIfAborted();

  const serverPort = await portOrFree(Number(operator['SERVER_PORT'] ?? 2892));
  const transferPort = await portOrFree(Number(operator['TRANSFER_PORT'] ?? 2893));
  const opsPorts = await freeOpsPorts();
  const settings = { operator, secrets, standIns: standIns.addresses, stores, serverPort, transferPort, opsPorts };
  const environments = serviceEnvironments(settings);
  const state: SandboxState = {
    serverUrl: environments['api-gateway']['SERVER_URL']?.split(',', 1)[0] ?? '',
    adminSecret: secrets.admin,
    tenantSecret: generateSecret(),
    databaseUrl: stores.databaseUrl,
    ...(stores.redisUrl && { redisUrl: stores.redisUrl }),
    services: {},
    standIns: standIns.addresses,
  };
  await startServices({
    environments,
    opsPorts,
    appsDir: tools.appsDir,
    logDir,
    add,
    say,
    onPid: (name, pid) => {
      state.services[name] = { pid, opsUrl: `http://127.0.0.1:${opsPorts[name]}` };
      writeState(options.dir, state);
    },
  });
  say(`services ready: ${SERVICES.join(', ')}`);
  stopped.throwIfAborted();
  return state;
}

/** Whom the stand-in zooid lets manage relays: the key the provisioner signs with. */
function zooidPubkey(operator: Environment, robotSecret: string): string {
  return secretSigner(operator['ZOOID_SECRET'] ?? operator['ROBOT_SECRET'] ?? robotSecret).pubkey;
}

async function freeOpsPorts(): Promise<Record<ServiceName, number>> {
  const ports = await Promise.all(SERVICES.map((_, index) => portOrFree(9091 + index)));
  return perService((name) => ports[SERVICES.indexOf(name)] ?? 0);
}

interface Live {
  options: SandboxOptions;
  operator: Environment;
  state: SandboxState;
  say: (text: string) => void;
  print: (text: string) => void;
  stopped: AbortSignal;
}

async function live({ options, operator, state, say, print, stopped }: Live): Promise<'passed' | 'failed' | 'none'> {
  const external = externalEndpoints(operator);
  if (external.length > 0) {
    say(`no guided life: ${external.join(', ')} point${external.length === 1 ? 's' : ''} outside the sandbox`);
    return 'none';
  }
  if (!options.life) return 'none';
  return (await runLife({ state, clock: systemClock, print, stopped })) ? 'passed' : 'failed';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
