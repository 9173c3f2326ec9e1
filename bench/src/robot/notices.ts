import { spawn } from 'node:child_process';

/** What the test apps/robot-dm/src/notices.int.test.ts prints. */
export interface NoticesTold {
  readOnce: number;
  others: number;
  triedAgain: number;
  seconds: number;
}

/** Runs that test with `count` notices. @throws Error with what it said when it failed. */
export async function tellNotices(count: number): Promise<NoticesTold> {
  const jest = ['node_modules/jest/bin/jest.js', '-c', 'apps/robot-dm/jest.config.mjs', 'notices'];
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', ...jest], {
    env: { ...process.env, NOTICES: String(count) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listen = (data: Buffer): void => {
    said += data.toString();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const code = await new Promise((resolve) => child.once('close', resolve));
  const result = /^notices: (\{.*\})$/m.exec(said)?.[1];
  if (code !== 0 || result === undefined) throw new Error(said);
  return JSON.parse(result) as NoticesTold;
}
