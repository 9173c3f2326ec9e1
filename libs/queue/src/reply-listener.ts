import pg from 'pg';
import { REPLY_CHANNEL } from './call-replies.js';

/**
 * Listens for announced answers on a connection of its own and reconnects for ever. It only makes answers faster: while
 * it is away, polling finds them.
 */
export function startReplyListener({ databaseUrl, onReply, onError }: ReplyListenerOptions): ReplyListener {
  let closed = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;

  const connect = async (): Promise<void> => {
    const opened = new pg.Client({ connectionString: databaseUrl, keepAlive: true, connectionTimeoutMillis: 3000 });
    client = opened;
    opened.on('error', onError);
    opened.on('end', reconnect);
    opened.on('notification', ({ payload }) => {
      onReply(payload ?? '');
    });
    try {
      await opened.connect();
      await opened.query(`listen ${REPLY_CHANNEL}`);
      failures = 0;
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
      await opened.end().catch(() => undefined);
      reconnect();
    }
  };
  const reconnect = (): void => {
    if (closed) return;
    clearTimeout(retry); // a failed connection reports its end as well
    failures += 1;
    retry = setTimeout(() => void connect(), Math.min(200 * 2 ** (failures - 1), 5000));
  };
  void connect();

  return {
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}

export interface ReplyListener {
  close: () => Promise<void>;
}

interface ReplyListenerOptions {
  databaseUrl: string;
  onReply: (callId: string) => void;
  onError: (error: Error) => void;
}
