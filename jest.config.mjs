// All projects in one run: `npm test`. One project alone: `npx nx test PROJECT`.
import base from './jest.base.mjs';

export default {
  // Of a project jest hears it only when that is run alone.
  testTimeout: base.testTimeout,
  // Every file leaves its modules behind in the process that ran it, in all more memory than a process may have.
  workerIdleMemoryLimit: '1GB',
  projects: ['apps/*', 'libs/*', 'libs/*/{domain,feature,data-access}', 'libs/pay/*', 'e2e'].map(
    (dir) => `<rootDir>/${dir}/jest.config.mjs`,
  ),
};
