/** Few connections that wait for nothing long: what is slow here is found by a poll or a sweep. */
export function smallPoolConfig(databaseUrl: string) {
  return {
    connectionString: databaseUrl,
    max: 2,
    keepAlive: true,
    connectionTimeoutMillis: 3000,
    query_timeout: 5000,
  };
}
