/** A question of RFC 1035 with what an answer has to repeat; undefined for what is none. */
export function readQuestion(message: Buffer): DnsQuestion | undefined {
  if (message.length < HEADER_BYTES || message.readUInt16BE(4) !== 1 || (message.readUInt16BE(2) & 0x8000) !== 0)
    return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    if (length > 63 || at + 1 + length > message.length) return undefined;
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 5 > message.length) return undefined;
  return {
    id: message.readUInt16BE(0),
    isRecursionDesired: (message.readUInt16BE(2) & 0x0100) !== 0,
    name: labels.join('.').toLowerCase(),
    type: message.readUInt16BE(at + 1),
    raw: message.subarray(HEADER_BYTES, at + 5),
  };
}

/** An answer with its records, or with an error and none. */
export function writeAnswer(question: DnsQuestion, { records, code = 'NOERROR' }: DnsAnswer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(question.id, 0);
  header.writeUInt16BE(0x8080 | (question.isRecursionDesired ? 0x0100 : 0) | CODES[code], 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question.raw, ...records.map(recordOf)]);
}

function recordOf({ name, type, value }: DnsRecord): Buffer {
  const data = dataOf(type, value);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(DNS_TYPES[type], 0);
  fixed.writeUInt16BE(1, 2); // IN
  fixed.writeUInt32BE(TTL_S, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameBytes(name), fixed, data]);
}

function dataOf(type: DnsType, value: string): Buffer {
  switch (type) {
    case 'A':
      return Buffer.from(value.split('.').map(Number));
    case 'AAAA':
      return addressBytes(value);
    case 'CNAME':
      return nameBytes(value);
    case 'TXT': {
      const bytes = Buffer.from(value, 'utf8');
      const parts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / 255)) }, (_, i) =>
        bytes.subarray(i * 255, (i + 1) * 255),
      );
      return Buffer.concat(parts.flatMap((part) => [Buffer.of(part.length), part]));
    }
  }
}

function nameBytes(name: string): Buffer {
  const labels = name.replace(/\.$/, '').split('.');
  return Buffer.concat([...labels.flatMap((label) => [Buffer.of(label.length), Buffer.from(label)]), Buffer.of(0)]);
}

/** RFC 4291, with one `::` at most. */
function addressBytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const gap = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: tail === undefined ? 0 : gap }, () => '0'), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

const HEADER_BYTES = 12;
const TTL_S = 60;
const CODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;
export const DNS_TYPES = { A: 1, CNAME: 5, TXT: 16, AAAA: 28 } as const;

export type DnsType = keyof typeof DNS_TYPES;
export type DnsCode = keyof typeof CODES;

export interface DnsRecord {
  name: string;
  type: DnsType;
  value: string;
}

export interface DnsQuestion {
  id: number;
  isRecursionDesired: boolean;
  /** In lower case, without a dot at its end. */
  name: string;
  /** A number of RFC 1035. */
  type: number;
  /** The question as it was asked, upper case and all. */
  raw: Buffer;
}

interface DnsAnswer {
  records: readonly DnsRecord[];
  code?: DnsCode;
}
