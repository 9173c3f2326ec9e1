import { runLifeOnce } from '@caravel/sandbox-life';

process.exitCode = await runLifeOnce(process.env, (line) => {
  process.stdout.write(`${line}\n`);
});
