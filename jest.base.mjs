// Native ES modules in jest: NODE_OPTIONS=--experimental-vm-modules is set by tools/test.mjs and nx.json.
// Types are checked by `tsc -b`, so swc only strips them.
import { fileURLToPath } from 'node:url';

export default {
  testEnvironment: 'node',
  // Of tests and of hooks: real servers and other test files share the machine; a guarantee is not a race against the clock.
  testTimeout: 30_000,
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  globalSetup: fileURLToPath(new URL('tools/jest-stack.mjs', import.meta.url)),
  globalTeardown: fileURLToPath(new URL('tools/jest-stack-stop.mjs', import.meta.url)),
  testEnvironmentOptions: { customExportConditions: ['@caravel/source', 'node', 'node-addons'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
