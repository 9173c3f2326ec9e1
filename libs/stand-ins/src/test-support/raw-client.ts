import { type ClientOptions, WebSocket } from 'ws';

/** A WebSocket that hides nothing: what the relay says is kept in order and can be waited for. For tests. */
export async function rawClient(url: string, options: ClientOptions = {}): Promise<RawClient> {
  const socket = new WebSocket(url, options);
  const received: Message[] = [];
  let notify = (): void => undefined;
  let closed = false;
  socket.on('message', (data: Buffer) => {
    received.push(JSON.parse(data.toString('utf8')) as Message);
    notify();
  });
  socket.on('close', () => {
    closed = true;
    notify();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve).once('error', reject);
  });

  async function until<T>(find: () => T | undefined, what: string): Promise<T> {
    const deadlineMs = performance.now() + 5000;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw new Error(`${what} did not come; received ${JSON.stringify(received)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        notify = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  return {
    received,
    send: (...message) => {
      socket.send(JSON.stringify(message));
    },
    sendText: (text) => {
      socket.send(text);
    },
    next: (type, second) =>
      until(
        () => received.find((message) => message[0] === type && (second === undefined || message[1] === second)),
        `${type} ${second ?? ''}`,
      ),
    closed: () => until(() => closed || undefined, 'the end of the connection').then(() => undefined),
    close: () => {
      socket.terminate();
    },
  };
}

type Message = [type: string, ...rest: unknown[]];

export interface RawClient {
  received: Message[];
  send(...message: unknown[]): void;
  sendText(text: string): void;
  /** The first message of that type (and second element), already there or still to come. */
  next(type: string, second?: string): Promise<Message>;
  closed(): Promise<void>;
  close(): void;
}
