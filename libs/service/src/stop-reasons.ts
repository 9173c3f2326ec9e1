/** Calls `onStop` for everything that ends a process; the only `process.on` there is. */
export function stopReasons(onStop: (reason: StopReason) => void): void {
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      onStop({ name, impatient: true });
    });
  }
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(name, (error: unknown) => {
      onStop({ name, error: error ?? new Error(name), impatient: false });
    });
  }
  // A launcher that was killed can't send a signal any more, but its ipc channel closes.
  if (process.connected) {
    process.on('disconnect', () => {
      onStop({ name: 'parent gone', impatient: false });
    });
  }
}

export interface StopReason {
  name: string;
  /** Set when the process is broken, not merely asked to stop. */
  error?: unknown;
  /** Asking twice means: now. */
  impatient: boolean;
}
