import { startServer } from './start-server.js';

const HOST = { host: '127.0.0.1', port: 0 };

it('answers what is in flight before it ends, and takes nothing new', async () => {
  const waiting: (() => void)[] = [];
  const arrived = new Promise<void>((resolve) => {
    waiting.push(resolve);
  });
  let answer = (): void => undefined;
  const server = await startServer({
    ...HOST,
    listener: (_request, response) => {
      answer = () => response.end('done');
      waiting[0]?.();
    },
  });

  const inFlight = fetch(server.url);
  await arrived;
  const closed = server.close();
  await expect(fetch(server.url)).rejects.toThrow();
  answer();
  const response = await inFlight;
  expect(await response.text()).toBe('done');
  expect(response.headers.get('connection')).toBe('close');
  await closed;
});

it('cuts off what does not end in time', async () => {
  let arrived = (): void => undefined;
  const came = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = await startServer({
    ...HOST,
    graceMs: 10,
    listener: () => {
      arrived();
    },
  });
  const hanging = fetch(server.url).catch(() => 'cut off');
  await came;
  await server.close();
  expect(await hanging).toBe('cut off');
});

it('says which address is taken', async () => {
  const first = await startServer({ ...HOST, listener: () => undefined });
  const { port } = new URL(first.url);
  await expect(startServer({ host: '127.0.0.1', port: Number(port), listener: () => undefined })).rejects.toThrow(
    `127.0.0.1:${port} can't be used`,
  );
  await first.close();
});
