export { randomHistory } from './random-history.js';
export type { RandomHistory } from './random-history.js';
