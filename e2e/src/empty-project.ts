import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const dist = fileURLToPath(new URL('../../libs/api-client/dist', import.meta.url));
const require = createRequire(import.meta.url);

const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2023', 'dom', 'dom.asynciterable'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmitOnError: true,
  },
};

/** The packed client, installed where nothing else is, as `npm install @caravel/api-client zod` does it. */
export function emptyProject() {
  const folder = mkdtempSync(join(tmpdir(), 'caravel-client-'));
  const run = (file: string, args: string[], env: NodeJS.ProcessEnv = {}) => {
    const options = {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder, ...env },
    } as const;
    const { status, stdout, stderr } = spawnSync(file, args, options);
    if (status !== 0) throw new Error(`${file} ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  };
  const [packed = ''] = run('npm', ['pack', '--silent', dist]).trim().split('\n');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', `./${packed}`]);
  symlinkSync(dirname(require.resolve('zod/package.json')), join(folder, 'node_modules/zod'));

  return {
    folder,
    write: (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
    },
    /** Fails with what the compiler says. */
    compile: () => {
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
      run(process.execPath, [
        join(dirname(require.resolve('typescript/package.json')), 'bin/tsc'),
        '--pretty',
        'false',
      ]);
    },
    /** Runs a program for which a key in memory is the browser's extension. Answers what it prints. */
    runAs: (secret: string, main: string): string => {
      const nostrTools = pathToFileURL(require.resolve('nostr-tools/pure')).href;
      writeFileSync(
        join(folder, 'extension.mjs'),
        `import nostrTools from '${nostrTools}';
        const { finalizeEvent, getPublicKey } = nostrTools;
        const secret = Buffer.from(process.env.SECRET, 'hex');
        const nostr = { getPublicKey: async () => getPublicKey(secret), signEvent: async (event) => finalizeEvent(event, secret) };
        globalThis.window = { nostr };`,
      );
      return run(process.execPath, ['--import', './extension.mjs', main], { SECRET: secret });
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
