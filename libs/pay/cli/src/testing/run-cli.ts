import { PassThrough } from 'node:stream';
import { systemClock } from '@caravel/domain';
import { parseJson, payIdMaker, PayError } from '@caravel/pay-protocol';
import { z } from 'zod';
import type { AfpayDeps, LocalParts } from '../afpay-deps.js';
import { runAfpay } from '../run-afpay.js';

/** One run of the command inside of a test, with what it said. */
export interface CliRun {
  stdin: PassThrough;
  /** Everything said so far. */
  said: () => string;
  /** Each line as JSON. */
  lines: () => Said[];
  done: Promise<number>;
}

export function startCli(argv: readonly string[], given: Partial<AfpayDeps> = {}): CliRun {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let text = '';
  stdout.on('data', (data: Buffer) => {
    text += data.toString();
  });
  const done = runAfpay({
    argv,
    env: {},
    stdin,
    stdout,
    clock: systemClock,
    newId: payIdMaker(),
    version: '0.0.0-test',
    signal: new AbortController().signal,
    local: noLocal,
    ...given,
  });
  const lines = () =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => saidSchema.parse(parseJson(line)));
  return { stdin, said: () => text, lines, done };
}

/** For what must not open anything here. */
export const noLocal: LocalParts = {
  settings: () => Promise.resolve({ warnings: [] }),
  open: () => Promise.reject(new PayError('not_implemented', 'nothing is to be opened')),
  serve: () => Promise.reject(new PayError('not_implemented', 'nothing is to be served')),
};

const saidSchema = z.looseObject({ code: z.string() });
type Said = z.infer<typeof saidSchema>;
