import { watchStalls } from '../stall-watch.js';

// The gateway itself as a process, that tells its parent how its event loop has been.

const watch = watchStalls();
await import('../../../main.js');
watch.begin();
process.on('message', () => process.send?.(watch.report()));
