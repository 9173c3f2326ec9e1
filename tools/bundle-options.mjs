// How every program here becomes one ES module for Node, with nothing beside it. An app is bundled by bundle.mjs, a
// benchmark by bench.mjs.
import { readFile } from 'node:fs/promises';

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

export const bundleOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  conditions: ['@caravel/source'],
  plugins: [inlineWasm],
  loader: { '.wasm': 'binary' },
  // What is optional is looked for beside the bundle at run time, and may be missing.
  external: ['pg-native', 'cpu-features', 'koffi'],
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
};
