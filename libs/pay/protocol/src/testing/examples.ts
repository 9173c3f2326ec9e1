export { EXAMPLE_INPUTS } from './example-inputs.js';
export { EXAMPLE_OUTPUTS } from './example-outputs.js';
