import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const scopes = ['gateway', 'billing', 'provisioning', 'robot', 'pay'];
const arrow = (type, ...to) => ({
  sourceTag: `type:${type}`,
  onlyDependOnLibsWithTags: to.map((name) => `type:${name}`),
});

/** Each vendor has one home; everybody else imports the home. */
const vendorHomes = [
  { name: 'bullmq', home: 'libs/queue' },
  { name: 'stripe', home: 'libs/billing/data-access' },
  { name: '@prisma/client', home: 'libs/platform/data-access' },
  { name: '@prisma/adapter-pg', home: 'libs/platform/data-access' },
  { name: '@grpc/grpc-js', home: 'libs/pay/rpc' },
];

const areas = ['apps', 'libs', ...new Set(vendorHomes.map(({ home }) => home))];

export default [
  ...nx.configs['flat/base'],
  { ignores: ['**/dist', '**/out-tsc', '**/generated', '**/*.mjs', '**/*.d.mts', '**/static', '.dev'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: [],
          depConstraints: [
            { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['*'] },
            arrow('feature', 'util', 'contracts', 'domain'),
            arrow('data-access', 'data-access', 'util', 'domain'),
            arrow('util', 'util', 'contracts', 'domain'),
            arrow('contracts', 'domain'),
            // A scope's domain may build on the shared one; nothing else.
            arrow('domain', 'domain'),
            ...scopes.map((scope) => ({
              sourceTag: `scope:${scope}`,
              onlyDependOnLibsWithTags: [`scope:${scope}`, 'scope:shared'],
            })),
            { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
            // Benchmarks measure any scope, and nobody may depend on them.
            { sourceTag: 'scope:bench', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'List exports by name.' },
        { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read once, in main.ts.' },
        { object: 'process', property: 'exit', message: 'runService owns the end of a process.' },
        { object: 'AbortSignal', property: 'any', message: 'It may be collected while waited for; use signalWithin.' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  ...areas.map((area) => ({
    files: [`${area}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: vendorHomes
            .filter(({ home }) => home !== area)
            .map(({ name, home }) => ({ name, message: `${name} is used through ${home} only.` })),
        },
      ],
    },
  })),
  {
    files: ['**/*.test.ts'],
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // The test run hands its servers to the tests in the environment; benchmarks and the sandbox's entries are mains too.
  {
    files: ['libs/testing/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts', 'apps/sandbox/src/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['**/main.ts'], rules: { 'no-restricted-properties': 'off' } },
  // It runs in browsers, and holds both signals itself while it waits.
  { files: ['libs/api-client/**/*.ts'], rules: { 'no-restricted-properties': 'off' } },
  prettier,
];
