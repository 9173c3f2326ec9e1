import { on } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { openGround } from './ground.js';
import { runWorld } from './run-world.js';
import type { WorldMessage, WorldOrder } from './run-worlds.js';

/** A thread's work: runs one world after another as they come, all on one ground, until it is told that it was the last. */
export async function runGiven(port: MessagePort): Promise<void> {
  const ground = await openGround();
  const tell = (message: WorldMessage): void => {
    port.postMessage(message);
  };
  const onDay = (day: number): void => {
    tell({ day });
  };
  try {
    for await (const [order] of on(port, 'message') as AsyncIterable<[WorldOrder]>) {
      if (order === 'end') break;
      const { findings } = await runWorld(ground, order, { onDay });
      tell({ findings });
    }
  } finally {
    await ground.close();
    port.close();
  }
}
