import base from '../../jest.base.mjs';

// Starting processes takes its time on a busy machine.
export default { ...base, displayName: 'service', testTimeout: 30_000 };
