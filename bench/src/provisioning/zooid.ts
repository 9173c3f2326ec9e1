import { startZooid } from '@caravel/stand-ins';

/** zooid's stand-in as a program of its own. */
export async function serveZooid(options: { dir: string; whitelist: string[] }): Promise<void> {
  const zooid = await startZooid(options);
  process.stdout.write(`${JSON.stringify({ url: zooid.url })}\n`);
  process.once('SIGTERM', () => {
    void zooid.stop();
  });
}
