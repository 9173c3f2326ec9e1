// How every program here becomes one ES module for Node, with nothing beside it. An app is bundled by bundle.mjs, a
// benchmark by bench.mjs.
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** tiny-secp256k1 reads its .wasm from beside its own code; in a bundle it is a part of the text. */
const inlineWasm = {
  name: 'inline-wasm',
  setup(build) {
    build.onLoad({ filter: /tiny-secp256k1[\\/]lib[\\/]wasm_loader\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const reading = 'readFileSync(path("secp256k1.wasm"))';
      if (!source.includes(reading)) throw new Error(`${path} reads its .wasm in another way than it did`);
      return { contents: `import inlined from './secp256k1.wasm';\n${source.replace(reading, 'inlined')}` };
    });
  },
};

/** The API's documentation, packed, in the place of the module that reads it from files. */
const inlineDocs = {
  name: 'inline-docs',
  setup(build) {
    build.onLoad({ filter: /docs[\\/]docs-file\.ts$/ }, async ({ path }) => {
      const { resolve } = createRequire(path);
      const files = {
        'openapi.json': fileURLToPath(new URL('../docs/openapi.json', import.meta.url)),
        'swagger-ui-bundle.js': resolve('swagger-ui-dist/swagger-ui-bundle.js'),
        'swagger-ui.css': resolve('swagger-ui-dist/swagger-ui.css'),
      };
      const packed = {};
      for (const [name, file] of Object.entries(files)) {
        packed[name] = gzipSync(await readFile(file), { level: 9 }).toString('base64');
      }
      const contents = `
        import { promisify } from 'node:util';
        import { gunzip } from 'node:zlib';
        const packed = ${JSON.stringify(packed)};
        export const docsFile = async (name) => String(await promisify(gunzip)(Buffer.from(packed[name], 'base64')));`;
      return { contents };
    });
  },
};

/** The tables of the pay network, in the place of the module that reads them from files. */
const inlineMigrations = {
  name: 'inline-migrations',
  setup(build) {
    build.onLoad({ filter: /pay[\\/]store[\\/]src[\\/]migration-files\.ts$/ }, async () => {
      const folder = new URL('../libs/pay/store/migrations/', import.meta.url);
      const files = {};
      for (const name of (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()) {
        files[name] = await readFile(new URL(name, folder), 'utf8');
      }
      return { contents: `export const migrationFiles = async () => (${JSON.stringify(files)});` };
    });
  },
};

export const bundleOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  conditions: ['@caravel/source'],
  plugins: [inlineWasm, inlineDocs, inlineMigrations],
  loader: { '.wasm': 'binary' },
  // What is optional is looked for beside the bundle at run time, and may be missing. libsql is native and must be there.
  external: ['pg-native', 'cpu-features', 'koffi', 'libsql'],
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
};
