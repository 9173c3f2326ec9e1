import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';

/**
 * gRPC by hand, over HTTP/2: it sends what no honest client would, and shares no code with the server. Messages are fields of
 * bytes by number (protobuf, wire type 2).
 */
export function rawGrpc(address: string) {
  const session: ClientHttp2Session = connect(`http://${address}`);
  session.on('error', () => undefined);

  /** The status as a number, and the fields of the answer. */
  const call = (method: string, fields: Readonly<Record<number, Uint8Array>>): Promise<RawAnswer> =>
    new Promise((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': `/afpay.AfPay/${method}`,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const chunks: Buffer[] = [];
      let status: number | undefined;
      const read = (headers: Readonly<Record<string, unknown>>): void => {
        if (headers['grpc-status'] !== undefined) status = Number(headers['grpc-status']);
      };
      stream.on('response', read);
      stream.on('trailers', read);
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('close', () => {
        resolve({ status: status ?? -1, message: fieldsIn(Buffer.concat(chunks).subarray(5)) });
      });
      stream.end(framed(encoded(fields)));
    });
  return {
    call,
    close: () => {
      session.destroy();
    },
  };
}

/** Not compressed, and its length. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

const encoded = (fields: Readonly<Record<number, Uint8Array>>): Buffer =>
  Buffer.concat(
    Object.entries(fields).flatMap(([number, bytes]) => [
      Buffer.of((Number(number) << 3) | 2),
      varint(bytes.length),
      Buffer.from(bytes),
    ]),
  );

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

function fieldsIn(message: Buffer): Record<number, Buffer> {
  const fields: Record<number, Buffer> = {};
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = next();
    const value = next();
    if ((tag & 7) !== 2) continue;
    fields[tag >> 3] = message.subarray(at, at + value);
    at += value;
  }
  return fields;
}

/** As gRPC numbers them. */
export const STATUS = {
  OK: 0,
  INVALID_ARGUMENT: 3,
  ALREADY_EXISTS: 6,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  UNAUTHENTICATED: 16,
} as const;

export interface RawAnswer {
  status: number;
  message: Record<number, Buffer>;
}
