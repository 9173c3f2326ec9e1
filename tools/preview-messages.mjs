// `npm run preview:messages [-- --language de] [--texts FOLDER] [--app-url URL]`: every message of the robot in all its forms, as
// docs/messages.md has them. With a folder of texts (ROBOT_TEXTS_DIR) it shows them before the robot is started with it.
import { spawn } from 'node:child_process';
import { ensureInstalled, run } from './install.mjs';

await ensureInstalled(console.error);
await run('sh', ['-c', 'cd apps/robot-dm && node ../../tools/bundle.mjs preview']);
const preview = spawn(process.execPath, ['apps/robot-dm/dist/preview.mjs', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
preview.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
