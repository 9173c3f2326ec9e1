// Makes dist an npm package, after tools/bundle.mjs: `npm pack ./dist` is what `npm install -g` and `npx` take. Whatever is not native
// is inside; libsql brings a library for each platform.
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const { version } = read('package.json');
const { dependencies } = read('../../libs/pay/store/package.json');
const { license, engines } = read('../../package.json');

writeFileSync(
  'dist/package.json',
  `${JSON.stringify(
    {
      name: 'afpay',
      version,
      description:
        'One interface to cashu, Lightning, Bitcoin, EVM and Solana wallets, with spend limits in front of every payment',
      license,
      type: 'module',
      bin: { afpay: 'afpay.mjs' },
      engines,
      dependencies: { libsql: dependencies.libsql },
    },
    null,
    2,
  )}\n`,
);
writeFileSync('dist/afpay.mjs', "#!/usr/bin/env node\nimport './main.mjs';\n");
chmodSync('dist/afpay.mjs', 0o755);
copyFileSync(new URL('../../docs/afpay.md', import.meta.url), 'dist/README.md');
copyFileSync(new URL('../../LICENSE', import.meta.url), 'dist/LICENSE');
