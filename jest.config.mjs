// All projects in one run: `npm test`. One project alone: `npx nx test PROJECT`.
export default {
  // Real servers and other test files share the machine; a guarantee is not a race against the clock.
  testTimeout: 30_000,
  projects: ['apps/*', 'libs/*', 'libs/*/{domain,feature,data-access}', 'e2e'].map(
    (dir) => `<rootDir>/${dir}/jest.config.mjs`,
  ),
};
