import pg from 'pg';

/**
 * Listens on one channel of PostgreSQL's (`NOTIFY`) on a connection of its own and reconnects for ever, with backoff.
 * Notifications sent while it is away are lost, so it may only ever make things faster: whoever uses it polls too.
 */
export function startNotificationListener(options: NotificationListenerOptions): NotificationListener {
  const { databaseUrl, channel, onNotified, onListening, onError } = options;
  let closed = false;
  let listening = false;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let client: pg.Client | undefined;

  const connect = async (): Promise<void> => {
    const opened = new pg.Client({ connectionString: databaseUrl, keepAlive: true, connectionTimeoutMillis: 3000 });
    client = opened;
    opened.on('error', onError);
    opened.on('end', reconnect);
    opened.on('notification', ({ payload }) => {
      onNotified(payload ?? '');
    });
    try {
      await opened.connect();
      await opened.query(`listen ${channel}`);
      failures = 0;
      listening = true;
      onListening?.();
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)));
      await opened.end().catch(() => undefined);
      reconnect();
    }
  };
  const reconnect = (): void => {
    listening = false;
    if (closed) return;
    clearTimeout(retry); // a failed connection reports its end as well
    failures += 1;
    retry = setTimeout(() => void connect(), Math.min(200 * 2 ** (failures - 1), 5000));
  };
  void connect();

  return {
    isListening: () => listening,
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}

export interface NotificationListener {
  isListening: () => boolean;
  close: () => Promise<void>;
}

export interface NotificationListenerOptions {
  databaseUrl: string;
  /** A name that needs no quotes. */
  channel: string;
  onNotified: (payload: string) => void;
  /** Each time it begins to listen: what happened before was not heard. */
  onListening?: () => void;
  onError: (error: Error) => void;
}
