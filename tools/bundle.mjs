// Bundles the app in the working directory: one ES module a process, with nothing beside it. `src/main.ts` and any
// further entry named on the command line (`node ../../tools/bundle.mjs main stand-ins life`).
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const entries = process.argv.slice(2).length ? process.argv.slice(2) : ['main'];
await build({
  ...bundleOptions,
  entryPoints: entries.map((name) => ({ in: `src/${name}.ts`, out: name })),
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
});
