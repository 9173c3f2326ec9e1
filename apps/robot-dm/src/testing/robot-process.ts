import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const app = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the program as it is deployed. */
export function bundleRobot(): void {
  execFileSync(process.execPath, ['../../tools/bundle.mjs'], { cwd: app });
}

/** The deployed robot as a process of its own; `bundleRobot` goes first. */
export function startRobotProcess({ databaseUrl, secret, relayUrl }: RobotProcessOptions): RobotProcess {
  const child = spawn(process.execPath, ['dist/main.mjs'], {
    cwd: app,
    stdio: 'ignore',
    env: {
      DATABASE_URL: databaseUrl,
      ROBOT_SECRET: secret,
      APP_URL: 'https://app.example',
      ROBOT_NAME: 'Caravel',
      ROBOT_DESCRIPTION: 'Hosts relays',
      ROBOT_PICTURE: 'https://app.example/robot.png',
      ROBOT_OUTBOX_RELAYS: relayUrl,
      ROBOT_INDEXER_RELAYS: relayUrl,
      ROBOT_MESSAGING_RELAYS: relayUrl,
      ALLOW_PRIVATE_HOSTS: 'true',
      OPS_PORT: '0',
    },
  });
  return {
    stop: () => ended(child, 'SIGTERM'),
    kill: () => ended(child, 'SIGKILL'),
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

export interface RobotProcess {
  stop: () => Promise<void>;
  /** As when the power fails. */
  kill: () => Promise<void>;
}

interface RobotProcessOptions {
  databaseUrl: string;
  secret: string;
  relayUrl: string;
}
