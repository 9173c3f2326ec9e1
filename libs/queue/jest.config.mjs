import base from '../../jest.base.mjs';

// Outages take their time, and a busy machine more.
export default { ...base, displayName: 'queue', testTimeout: 30_000 };
