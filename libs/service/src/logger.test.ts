import { createLogger } from './logger.js';
import { currentRequestId, withRequestId } from './request-id.js';

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  write(createLogger({ service: 'robot-dm', level: 'debug', destination }));
  return lines;
}

describe('a log line', () => {
  it('is JSON with time, level by name, service and message', () => {
    const [line] = logged((log) => {
      log.info({ relayId: 'r1' }, 'synced');
    });
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'robot-dm',
      relayId: 'r1',
      msg: 'synced',
    });
  });

  it('carries the id of the request it belongs to, through awaits and children', async () => {
    const lines: Record<string, unknown>[] = [];
    const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
    const log = createLogger({ service: 'x', destination });
    await withRequestId('request-1', async () => {
      await Promise.resolve();
      log.child({ job: 'j' }).info('inside');
    });
    log.info('outside');
    expect(lines.map(({ requestId }) => requestId)).toEqual(['request-1', undefined]);
    expect(currentRequestId()).toBeUndefined();
  });

  it('shows no secret under the usual names', () => {
    const text = JSON.stringify(
      logged((log) => {
        log.info({ secret: 's3cr3t', headers: { authorization: 's3cr3t' }, nwc_url: 's3cr3t' }, 'x');
        log.child({ databaseUrl: 's3cr3t' }).warn({ config: { DATABASE_URL: 's3cr3t' } }, 'y');
      }),
    );
    expect(text).not.toContain('s3cr3t');
    expect(text).toContain('[redacted]');
  });

  it('keeps the cause of an error', () => {
    const [line] = logged((log) => {
      log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    });
    expect(JSON.stringify(line)).toContain('inner');
  });
});
