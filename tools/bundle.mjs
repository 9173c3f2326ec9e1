// Bundles the app in the working directory: one ES module a process, with nothing beside it. `src/main.ts` and any
// further entry named on the command line (`node ../../tools/bundle.mjs main stand-ins life`). `--split`: what is imported
// dynamically lies beside it in files of its own and is read when it is needed; native packages are found by their names.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const isSplit = process.argv.includes('--split');
const named = process.argv.slice(2).filter((word) => word !== '--split');
const entries = named.length ? named : ['main'];
/** zod brings its messages in fifty languages; a command that starts for a moment reads one. */
const onlyEnglish = {
  name: 'only-english',
  setup(build) {
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

const { outputFiles } = await build({
  ...bundleOptions,
  entryPoints: entries.map((name) => ({ in: `src/${name}.ts`, out: name })),
  ...(isSplit && {
    splitting: true,
    chunkNames: 'part-[hash]',
    external: [...bundleOptions.external, 'libsql'],
    plugins: [...bundleOptions.plugins, onlyEnglish],
  }),
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  legalComments: 'none',
  // A source of ASCII alone takes one byte a character in memory; names stay readable in stack traces.
  charset: 'ascii',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
  // Names in stack traces are kept, source maps are not: they cost 60–70 MB a service at run time.
  keepNames: true,
  write: false,
});
// The parts are named by what is in them: those of an earlier build would stay.
if (isSplit) rmSync('dist', { recursive: true, force: true });
// Each file at once: whoever starts it meanwhile reads the old or the new one, never half of it.
for (const { path, contents } of outputFiles) {
  const written = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(written, contents);
  renameSync(written, path);
}
