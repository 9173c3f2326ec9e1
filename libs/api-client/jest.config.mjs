import base from '../../jest.base.mjs';

// The package in dist has a package.json of the same name.
export default { ...base, displayName: 'api-client', modulePathIgnorePatterns: ['<rootDir>/dist'] };
