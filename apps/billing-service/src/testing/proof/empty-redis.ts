import { connect } from 'node:net';

/** Forgets everything in one database of a Redis. */
export async function emptyRedis(redisUrl: string): Promise<void> {
  const { hostname, port, pathname } = new URL(redisUrl);
  const database = pathname.slice(1) || '0';
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.end(`SELECT ${database}\r\nFLUSHDB\r\nQUIT\r\n`);
    });
    socket.on('data', () => undefined);
    socket.once('close', () => {
      resolve();
    });
    socket.once('error', reject);
  });
}
