// All projects in one run: `npm test`. One project alone: `npx nx test PROJECT`.
import base from './jest.base.mjs';

export default {
  // Of a project jest hears it only when that is run alone.
  testTimeout: base.testTimeout,
  projects: ['apps/*', 'libs/*', 'libs/*/{domain,feature,data-access}', 'e2e'].map(
    (dir) => `<rootDir>/${dir}/jest.config.mjs`,
  ),
};
