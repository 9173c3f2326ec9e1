/** How long endpoints take: set for one, or with `*` for all; 0 ms ends it. */
export function latency(): Latency {
  const byEndpoint = new Map<string, number>();
  return {
    set: (match, ms) => {
      byEndpoint.set(match, ms);
    },
    delay: async (endpoint, wait) => {
      const ms = byEndpoint.get(endpoint) ?? byEndpoint.get('*') ?? 0;
      if (ms > 0) await wait(ms);
    },
  };
}

export interface Latency {
  set(match: string, ms: number): void;
  /** In real time, by the owner's `wait`. */
  delay(endpoint: string, wait: (ms: number) => Promise<void>): Promise<void>;
}
