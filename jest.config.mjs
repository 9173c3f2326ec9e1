// All projects in one run: `npm test`. One project alone: `npx nx test PROJECT`.
export default {
  projects: ['apps/*', 'libs/*', 'libs/*/{domain,feature,data-access}', 'e2e'].map(
    (dir) => `<rootDir>/${dir}/jest.config.mjs`,
  ),
};
