import { createHash, randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { errorOutput, PayError } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import type { Outcome, PaymentAsk, Provider, Quote } from '@caravel/pay-provider';
import { z } from 'zod';

/**
 * What the peer of a test does with a payment, said in the payment itself, so that any process acts the same:
 * `ok` pays and says so; `refuse` proves that it does not; `burn` too, for a fee; `silent` pays and says nothing; `hang` pays and
 * never answers; `garbage` pays and answers something; `lost` does not pay and says nothing; `pending` decides later.
 */
export type Behaviour = 'ok' | 'refuse' | 'burn' | 'silent' | 'hang' | 'garbage' | 'lost' | 'pending';

export interface LedgerPayment {
  key: string;
  amount: bigint;
  fee?: bigint;
  /** The most the fee is said to be; `fee` when absent. */
  feeBound?: bigint;
  then?: Behaviour;
  expiresAtMs?: number;
}

/** A payment as the `to` of an Input. */
export const payTo = ({ key, amount, fee = 0n, feeBound = fee, then = 'ok', expiresAtMs }: LedgerPayment): string =>
  [key, amount, fee, feeBound, then, expiresAtMs ?? ''].join('|');

/** The peer's own books: a file, which outlives every process that writes to it. */
export function ledger(file: string) {
  const write = (entry: LedgerEntry): void => {
    appendFileSync(
      file,
      `${JSON.stringify(entry, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`,
    );
  };
  const entries = (): LedgerEntry[] => {
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => entrySchema.parse(JSON.parse(line)));
  };
  return {
    write,
    entries,
    paid: () => entries().filter(({ what }) => what === 'paid'),
    /** What a pending payment became. */
    decide: (key: string, what: 'paid' | 'dead', amount = 0n) => {
      write({ what, key, amount, artefact: 'later' });
    },
    /** An artefact that was sent by two owners. */
    sentTwice: () => {
      const sent = entries().filter(({ what }) => what === 'dispatched');
      return sent.length - new Set(sent.map(({ artefact }) => artefact)).size;
    },
    /** By how much fees were above what they were said to be at most. */
    overruns: () =>
      entries()
        .filter(({ what }) => what === 'paid')
        .map(({ artefact }) => readTo(artefact))
        .reduce((sum, { fee, feeBound }) => sum + (fee > feeBound ? fee - feeBound : 0n), 0n),
    total: () =>
      entries()
        .filter(({ what }) => what === 'paid' || what === 'burned')
        .reduce((sum, { amount }) => sum + amount, 0n),
  };
}
export type Ledger = ReturnType<typeof ledger>;

/** A network whose peer keeps strict books. `prepares`: its artefact is made after the quote, as on chains. */
export function ledgerProvider(
  books: Ledger,
  { network = 'ln', prepares = false, isRemote = false, unit = 'sats' }: Options = {},
): Provider {
  const answer = (artefact: string): Outcome => {
    const { key, amount, fee, then } = readTo(artefact);
    const known = books.entries().filter((entry) => entry.key === key);
    if (known.some(({ what }) => what === 'paid')) {
      const debits = [{ unit, amount: amount + fee }];
      const preimage = createHash('sha256').update(key).digest('hex');
      const sent = { outcome: 'sent', transactionId: `tx ${key}`, debits, preimage, status: 'confirmed' } as const;
      return { ...sent, amount: { value: amount, token: unit }, fee: { value: fee, token: unit } };
    }
    if (then === 'pending' && !known.some(({ what }) => what === 'dead'))
      return { outcome: 'unknown', reason: 'pending' };
    const burned = known.some(({ what }) => what === 'burned') ? [{ unit, amount: fee }] : undefined;
    const refused = errorOutput(new PayError('network_error', 'the peer refused'));
    return { outcome: 'not_sent', answer: refused, ...(burned && { burned }) };
  };
  const quote = (ask: PaymentAsk): Quote => {
    const to = toOf(ask);
    const { key, amount, fee, feeBound, expiresAtMs } = readTo(to);
    return {
      amount: { value: amount, token: unit },
      feeEstimate: { value: fee, token: unit },
      feeBound: { value: feeBound, token: unit },
      debits: [{ unit, amount: amount + feeBound }],
      recipient: `peer of ${key.split(' ')[0] ?? ''}`,
      paymentKey: createHash('sha256').update(`hash of ${key}`).digest('hex'),
      ...(expiresAtMs !== undefined && { expiresAtMs }),
      ...(!prepares && { artefact: artefactOf(to) }),
    };
  };

  return {
    network,
    isRemote,
    quote: (_wallet, ask) => Promise.resolve().then(() => quote(ask)),
    ...(prepares && {
      prepare: (_wallet: unknown, { payment }: { payment: PaymentAsk }) => Promise.resolve(artefactOf(toOf(payment))),
    }),
    dispatch: async (_wallet, artefact, { signal }) => {
      const { key, amount, fee, then } = readTo(artefact);
      const again = books.entries().some((entry) => entry.what === 'dispatched' && entry.artefact === artefact);
      books.write({ what: 'dispatched', key, amount, artefact });
      if (!again && PAYS.has(then)) books.write({ what: 'paid', key, amount: amount + fee, artefact });
      if (!again && then === 'burn') books.write({ what: 'burned', key, amount: fee, artefact });
      if (then === 'ok' || then === 'refuse' || then === 'burn') return answer(artefact);
      if (then === 'garbage') return JSON.parse('{"outcome":"not_sent","preimage":7}') as Outcome;
      if (then === 'hang') await once(signal, 'abort');
      throw new Error('the connection broke');
    },
    resolve: (_wallet, artefact) => Promise.resolve().then(() => answer(artefact)),
    ...UNUSED,
  };
}

const toOf = (ask: PaymentAsk): string =>
  ask.kind === 'send' ? ask.to : payTo({ key: ask.requestId, amount: ask.amount.value });

/** Each attempt has its own. */
const artefactOf = (to: string): string => `${to}|${randomUUID()}`;

const PAYS: ReadonlySet<Behaviour> = new Set(['ok', 'silent', 'hang', 'garbage']);

function readTo(to: string) {
  const [key = '', amount = '', fee = '', feeBound = '', then = '', expires = ''] = to.split('|');
  return {
    key,
    amount: BigInt(amount),
    fee: BigInt(fee),
    feeBound: BigInt(feeBound),
    then: then as Behaviour,
    expiresAtMs: expires === '' ? undefined : Number(expires),
  };
}

const notHere = () => Promise.reject(new PayError('not_implemented', 'not part of the test'));
const UNUSED = { createWallet: notHere, balance: notHere, receiveInfo: notHere, transactions: notHere };

const entrySchema = z.object({
  what: z.enum(['dispatched', 'paid', 'burned', 'dead']),
  key: z.string(),
  amount: z.string().transform(BigInt),
  artefact: z.string(),
});
type LedgerEntry = z.output<typeof entrySchema>;

interface Options {
  network?: Network;
  prepares?: boolean;
  isRemote?: boolean;
  unit?: string;
}
