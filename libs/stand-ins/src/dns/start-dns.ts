import { createSocket } from 'node:dgram';
import { DNS_TYPES, readQuestion, writeAnswer } from './dns-message.js';
import type { DnsCode, DnsQuestion, DnsRecord } from './dns-message.js';

/**
 * A recursive name server over UDP on loopback: a name with a CNAME answers it for every type, followed by what it leads to;
 * a name without the asked type answers nothing, one that is not there NXDOMAIN. Names are compared without case.
 */
export async function startDns(): Promise<DnsStandIn> {
  let zone: readonly DnsRecord[] = [];
  let trouble: DnsTrouble | undefined;
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const question = readQuestion(message);
    if (!question) return;
    asked.push(question.name);
    if (trouble === 'silence') return;
    const answer = trouble ? { records: [], code: trouble } : answerOf(zone, question);
    socket.send(writeAnswer(question, answer), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    setRecords: (records) => {
      zone = records.map((record) => ({ ...record, name: normalized(record.name) }));
    },
    setTrouble: (how) => {
      trouble = how;
    },
    stop: () =>
      new Promise((resolve) => {
        socket.close(resolve);
      }),
  };
}

function answerOf(zone: readonly DnsRecord[], { name, type }: DnsQuestion): { records: DnsRecord[]; code?: DnsCode } {
  const records: DnsRecord[] = [];
  let current = name;
  for (let step = 0; step < 16; step += 1) {
    const here = zone.filter((record) => record.name === current);
    if (here.length === 0) return { records, code: 'NXDOMAIN' };
    const wanted = here.filter((record) => DNS_TYPES[record.type] === type);
    records.push(...wanted);
    const cname = here.find((record) => record.type === 'CNAME');
    if (wanted.length > 0 || !cname) return { records };
    records.push(cname);
    current = normalized(cname.value);
  }
  return { records: [], code: 'SERVFAIL' }; // a circle
}

const normalized = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** An error for every question, or none at all. */
export type DnsTrouble = 'SERVFAIL' | 'silence';

export interface DnsStandIn {
  /** For a resolver: address and port. */
  server: string;
  /** Every name that was asked for. */
  asked: string[];
  /** All there is from now on. */
  setRecords: (records: readonly DnsRecord[]) => void;
  setTrouble: (how: DnsTrouble | undefined) => void;
  stop: () => Promise<void>;
}
