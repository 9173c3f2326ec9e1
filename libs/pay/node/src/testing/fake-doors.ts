import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '@caravel/domain';
import { createHealth, createLogger, createMetrics } from '@caravel/service';
import { readConfig } from '../config/read-config.js';
import { answerCall } from '../door/answer-call.js';
import { keyRates } from '../door/key-rates.js';
import { startRestDoor } from '../rest/start-rest-door.js';
import { fakePay } from './fake-pay.js';
import type { FakeHandle } from './fake-pay.js';

export const API_KEY = 'k_0123456789abcdef0123456789abcdef';

/** A REST door on a real socket in front of a core that answers what the test says. */
export async function startFakeRest(handle: FakeHandle, options: FakeRestOptions = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'pay-rest-'));
  const { config } = readConfig({
    env: { AFPAY_DATA_DIR: dataDir, AFPAY_REST_API_KEY: API_KEY, ...options.env },
    flags: { restListen: '127.0.0.1:0' },
  });
  rmSync(dataDir, { recursive: true });
  const clock = manualClock(1_800_000_000);
  const nowMs = () => clock.now().getTime();
  const lines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line: string) => void lines.push(line) } });
  const metrics = createMetrics('test');
  const { pay, calls } = fakePay(handle);
  const health = createHealth();
  health.enter('running');
  health.ready('store', options.ready ?? (() => undefined));
  const count = (labels: { input: string; result: string; key: string }) => {
    metrics.count('pay_requests_total', labels);
  };
  const door = await startRestDoor(
    { ...config, ...options.config },
    {
      answer: answerCall({ pay, log, count }),
      admit: keyRates(options.rateLimit, nowMs),
      health,
      metrics,
      nowMs,
    },
  );
  const ask = (body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal) =>
    fetch(`${door.url}/v1/afpay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal && { signal }),
    });
  return {
    door,
    ask,
    calls,
    clock,
    lines,
    metrics,
    get: (path: string, headers = {}) => fetch(`${door.url}${path}`, { headers }),
  };
}

interface FakeRestOptions {
  env?: Record<string, string>;
  ready?: () => unknown;
  rateLimit?: { requestsPerSecond: number; maxConcurrent: number };
  config?: { isPublic?: boolean; rest?: { listen: { host: string; port: number }; corsOrigins: readonly string[] } };
}
