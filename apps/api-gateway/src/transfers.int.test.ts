import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { eventually } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import { codeCoverage } from './testing/code-coverage.js';
import { startFakeProvisioner } from './testing/fake-provisioner.js';
import type { Answer, FakeProvisioner } from './testing/fake-provisioner.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newThings } from './testing/things.js';
import type { Things } from './testing/things.js';

let provisioner: FakeProvisioner;
let gateway: TestGateway;
let things: Things;
let answer: Answer;
beforeAll(async () => {
  provisioner = await startFakeProvisioner((request, response) => answer(request, response));
  gateway = await startTestGateway({ PROVISIONER_URL: provisioner.url });
  things = await newThings(gateway);
});
beforeEach(() => (provisioner.tickets.length = 0));
afterAll(async () => {
  await gateway.close();
  await provisioner.close();
});

const exported = (relayId = things.relayId, signal?: AbortSignal) =>
  fetch(`${gateway.url}/relays/${relayId}/export`, {
    headers: { authorization: things.owner.header },
    ...(signal && { signal }),
  });
const imported = (body: string, relayId = things.relayId) =>
  fetch(`${gateway.url}/relays/${relayId}/import`, {
    method: 'POST',
    headers: { authorization: things.owner.header, 'content-type': 'application/x-ndjson' },
    body,
  });
const refuse = (response: ServerResponse, status: number, body: object | string) => {
  response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  return Promise.resolve();
};
const failed = async (answered: Promise<Response>) => {
  const response = await answered;
  return [response.status, await response.json()];
};

describe('GET /relays/:id/export', () => {
  it('is a file of lines, streamed from the provisioner for a ticket that only it can take', async () => {
    answer = async (_request, response) => {
      response.write('{"content":"zwölf ');
      await Promise.resolve();
      response.end('Äpfel"}\n');
    };
    const response = await exported();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="thing-\d+\.jsonl"$/);
    expect(await response.text()).toBe('{"content":"zwölf Äpfel"}\n');
    const [row] = await gateway.database.query<{ relay_id: string; direction: string }>(
      "SELECT relay_id, direction FROM transfer_ticket WHERE id = encode(sha256(convert_to($1, 'UTF8')), 'hex')",
      [provisioner.tickets[0] ?? ''],
    );
    expect(row).toEqual({ relay_id: things.relayId, direction: 'export' });
  });

  it('breaks off when the provisioner does, so that nobody takes half a file for a whole one', async () => {
    answer = async (_request, response) => {
      response.write('{"kind":1}\n');
      await new Promise((resolve) => setImmediate(resolve));
      response.destroy();
    };
    const text = exported().then((response) => response.text());
    await expect(text).rejects.toThrow();
  });

  it('ends at the provisioner when the caller leaves, also while nothing is being said', async () => {
    let left = false;
    let asked = false;
    answer = (_request, response) => {
      asked = true;
      response.write('{"kind":1}\n');
      response.on('close', () => (left = true));
      return Promise.resolve();
    };
    const leaving = new AbortController();
    const response = await exported(things.relayId, leaving.signal);
    await eventually(() => asked);
    leaving.abort();
    await expect(response.text()).rejects.toThrow();
    await eventually(() => left);
  });

  it('holds the provisioner back while the caller does not read', async () => {
    let [written, paused] = [0, 0];
    const piece = `${'x'.repeat(65_535)}\n`;
    answer = async (_request, response) => {
      for (; written < 2000 && !response.destroyed; written += 1) {
        if (response.write(piece)) continue;
        paused = written;
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
    };
    const asked = httpRequest(`${gateway.url}/relays/${things.relayId}/export`, {
      headers: { authorization: things.owner.header },
    });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    await eventually(() => paused > 0);
    let last = -1;
    // Steady: what fits into the buffers of sockets is all there is.
    await eventually(() => last === (last = written), { everyMs: 200 });
    expect(written).toBeLessThan(400);
    response.destroy();
  });

  it('says of a relay that is stopped or paused why it can not be read', async () => {
    const { api, unseen } = codeCoverage(gateway.url);
    for (const [status, code] of [
      ['inactive', 'relay-inactive'],
      ['delinquent', 'relay-delinquent'],
    ]) {
      const { relayId, owner } = await newThings(gateway);
      await gateway.database.query('UPDATE relay SET status = $2 WHERE id = $1', [relayId, status]);
      const { body } = await api(`GET /relays/${relayId}/export`, { as: owner });
      expect(body.code).toBe(code);
    }
    expect(provisioner.tickets).toEqual([]);
    expect(unseen('transfers')).toEqual([]);
  });
});

describe('POST /relays/:id/import', () => {
  it('streams a body of any size and answers what became of it', async () => {
    let bytes = 0;
    const told = { imported: 3, invalid: 1, problems: [{ line: 2, event_id: '', message: 'this is not JSON' }] };
    answer = async (request, response) => {
      response.writeContinue();
      for await (const chunk of request as AsyncIterable<Buffer>) bytes += chunk.length;
      response.end(JSON.stringify(told));
    };
    const response = await imported('{"kind":1}\n'.repeat(200_000));
    expect([response.status, await response.json()]).toEqual([200, { data: told, code: 'ok' }]);
    expect(bytes).toBe(2_200_000);
  });

  it('passes on in words why it can not be done, without sending the body there', async () => {
    let sent = 0;
    answer = (request, response) => {
      request.on('data', (chunk: Buffer) => (sent += chunk.length));
      return refuse(response, 503, { error: 'The operator has not set this up.', code: 'service-unavailable' });
    };
    expect(await failed(imported('{"kind":1}\n'.repeat(50_000)))).toEqual([
      503,
      { error: 'The operator has not set this up.', code: 'service-unavailable' },
    ]);
    expect(sent).toBe(0);
  });

  it('passes on a failure in the middle', async () => {
    answer = async (request, response) => {
      response.writeContinue();
      await once(request, 'data');
      await refuse(response, 503, { error: 'The import program failed.', code: 'service-unavailable' });
      request.resume();
    };
    const [status, body] = await failed(imported('{"kind":1}\n'.repeat(500_000)));
    expect([status, body]).toEqual([503, { error: 'The import program failed.', code: 'service-unavailable' }]);
  });

  it('tells the provisioner at once when the caller leaves in the middle', async () => {
    let [began, broken] = [false, false];
    answer = (request, response) => {
      response.writeContinue();
      request.on('data', () => (began = true));
      request.on('close', () => (broken = !request.complete));
      return Promise.resolve();
    };
    const asked = httpRequest(`${gateway.url}/relays/${things.relayId}/import`, {
      method: 'POST',
      headers: { authorization: things.owner.header },
    });
    asked.on('error', () => undefined);
    asked.write('{"kind":1}\n');
    await eventually(() => began);
    asked.destroy();
    await eventually(() => broken);
  });
});

it.each([
  ['is not there', () => Promise.reject(new Error('gone'))],
  [
    'does not know the ticket',
    (_: IncomingMessage, to: ServerResponse) => refuse(to, 401, { error: 'x', code: 'unauthorized' }),
  ],
  ['answers nonsense', (_: IncomingMessage, to: ServerResponse) => refuse(to, 500, '<html>')],
] satisfies [string, Answer][])('503 in words when the provisioner %s', async (_, how) => {
  answer = how;
  const words = { error: expect.stringContaining('try again'), code: 'service-unavailable' };
  expect(await failed(exported())).toEqual([503, words]);
  expect(await failed(imported('{"kind":1}\n'))).toEqual([503, words]);
});

it('503 in words when nobody listens there', async () => {
  const alone = await startTestGateway({ PROVISIONER_URL: 'http://127.0.0.1:9' }, gateway.database);
  const api = apiClient(alone.url);
  for (const call of ['GET export', 'POST import']) {
    const [method, what] = call.split(' ') as ['GET' | 'POST', string];
    const { status, body } = await api(`${method} /relays/${things.relayId}/${what}`, { as: things.owner });
    expect([status, body.error]).toEqual([503, expect.stringContaining('try again')]);
  }
  await alone.close();
});
