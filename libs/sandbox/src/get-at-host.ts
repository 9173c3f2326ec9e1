import { request } from 'node:http';

/** GET with a Host header of our own choosing, which `fetch` forbids. Answers status and body. */
export function getAtHost(
  url: string,
  host: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { ...headers, host }, timeout: 5_000 }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`${host} did not answer within 5 s`)));
    sent.on('error', reject);
    sent.end();
  });
}
