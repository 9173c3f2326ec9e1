// Makes the npm package in dist: one ES module for the client, one for the check of answers, flat types, and nothing of this
// workspace in any of them. `npm publish ./dist` then publishes it.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { format } from 'prettier';
import { publishedTypes } from './published-types.mjs';

const shared = {
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  conditions: ['@caravel/source'],
  legalComments: 'none',
  logLevel: 'warning',
};

/** Ids are made in Node alone, and nothing of that is left in what is published. */
const withoutNode = {
  name: 'without-node',
  setup({ onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
  },
};

/** The contract as it is at run time. */
async function contract() {
  const contents = `export { api } from '@caravel/api-contract'; export { calls } from './src/calls.ts';`;
  const stdin = { contents, resolveDir: '.' };
  const { outputFiles } = await build({ ...shared, stdin, plugins: [withoutNode], write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** What has to be known of endpoints, as data: the schemas they come with are many times as large as everything else. */
const asData = (calls) => ({
  name: 'calls-as-data',
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/]calls\.ts$/ }, () => ({ contents: `export const calls = ${JSON.stringify(calls)};` }));
  },
});

/** There is one class of errors, whichever module throws. */
const errorsOfIndex = {
  name: 'errors-of-index',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/api-error\.js$/ }, () => ({ path: './index.js', external: true }));
  },
};

process.chdir(fileURLToPath(new URL('.', import.meta.url)));
const { api, calls } = await contract();
const said = ({ method, path, summary }) => `${method} ${path}. ${summary}.`;
const summaries = Object.fromEntries(Object.entries(api).map(([name, endpoint]) => [name, said(endpoint)]));

await rm('dist', { recursive: true, force: true });
await mkdir('dist/types', { recursive: true });
await build({ ...shared, entryPoints: ['src/index.ts'], outdir: 'dist', plugins: [withoutNode, asData(calls)] });
// zod stays outside: with it inside, the check alone would be twenty times as large as the client.
const check = { entryPoints: ['src/check.ts'], plugins: [withoutNode, errorsOfIndex], external: ['zod'] };
await build({ ...shared, ...check, outdir: 'dist' });
for (const { name, text } of publishedTypes(['src/index.ts', 'src/check.ts'], summaries)) {
  await writeFile(
    `dist/types/${name}`,
    await format(text, { parser: 'typescript', printWidth: 120, singleQuote: true }),
  );
}

const { name, version, dependencies } = JSON.parse(await readFile('package.json', 'utf8'));
const manifest = {
  name,
  version,
  description: 'Typed client of the Caravel API: NIP-98 signing, retries, pages and events. No dependencies.',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20.3' },
  exports: {
    '.': { types: './types/index.d.ts', default: './index.js' },
    './check': { types: './types/check.d.ts', default: './check.js' },
  },
  types: './types/index.d.ts',
  // For the check alone.
  peerDependencies: { zod: `^${dependencies.zod}` },
  peerDependenciesMeta: { zod: { optional: true } },
  files: ['index.js', 'check.js', 'types'],
};
await writeFile('dist/package.json', `${JSON.stringify(manifest, null, 2)}\n`);
await copyFile('README.md', 'dist/README.md');
await copyFile('../../LICENSE', 'dist/LICENSE');
const { outputFiles } = await build({ ...shared, entryPoints: ['dist/index.js'], minify: true, write: false });
const kilobytes = (gzipSync(outputFiles[0].contents).length / 1000).toFixed(1);
const [, promised] = /under (\d+) kB/.exec(await readFile('README.md', 'utf8'));
if (Number(kilobytes) > Number(promised)) throw new Error(`${kilobytes} kB are more than the README promises`);
process.stdout.write(`${name} ${version}: ${kilobytes} kB, minified and packed (gzip)\n`);
