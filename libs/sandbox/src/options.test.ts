import { parseOptions } from './options.js';

it('starts everything, with a life, in .dev unless told otherwise', () => {
  expect(parseOptions([])).toEqual({ once: false, life: true, live: false, dir: '.dev', queue: 'auto' });
});

it('understands what the help says', () => {
  const args = ['--once', '--no-life', '--live', '--dir', 'x', '--queue', 'postgres'];
  expect(parseOptions(args)).toEqual({ once: true, life: false, live: true, dir: 'x', queue: 'postgres' });
  expect(parseOptions(['--help'])).toBeNull();
});

it.each([[['--onse']], [['--queue', 'kafka']], [['extra']]])('refuses %j', (args) => {
  expect(() => parseOptions(args)).toThrow();
});
