// Bundles the gateway without its authentication, which then costs nothing: whoever asks is BENCH_CALLER. For bench/src/api/.
import { build } from 'esbuild';
import { bundleOptions } from '../tools/bundle-options.mjs';

const believe = {
  name: 'believe',
  setup(plugins) {
    plugins.onLoad({ filter: /gateway[\\/]feature[\\/]src[\\/]http[\\/]authenticate\.ts$/ }, () => ({
      contents: `
        export const authenticator = ({ adminPubkeys }) => {
          const pubkey = process.env.BENCH_CALLER;
          const caller = { pubkey, isAdmin: adminPubkeys.includes(pubkey) };
          return () => Promise.resolve(caller);
        };`,
    }));
  },
};

await build({
  ...bundleOptions,
  plugins: [believe, ...bundleOptions.plugins],
  entryPoints: ['apps/api-gateway/src/main.ts'],
  outfile: 'bench/dist/open-gateway.mjs',
  // As tools/bundle.mjs does.
  charset: 'ascii',
  minifyWhitespace: true,
  minifySyntax: true,
  keepNames: true,
  logLevel: 'warning',
});
