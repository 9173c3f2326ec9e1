import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { AfpayDeps } from '../afpay-deps.js';
import type { Given } from '../command/given.js';
import { UsageError } from '../usage-error.js';

/**
 * `--passphrase-secret`, AFPAY_BACKUP_PASSPHRASE, or what somebody types at a terminal, which does not show it; twice for a new one. Throws a
 * UsageError when there is none, or one that is soon guessed.
 */
export async function askPassphrase(
  given: Given,
  { env, stdin, stdout }: Pick<AfpayDeps, 'env' | 'stdin' | 'stdout'>,
  { isNew }: { isNew: boolean },
): Promise<string> {
  const said = given.text('passphrase-secret') ?? (env.AFPAY_BACKUP_PASSPHRASE || undefined);
  if (said !== undefined) return checked(said, isNew);
  if (stdin.isTTY !== true) {
    throw new UsageError(
      'an archive needs a passphrase',
      'AFPAY_BACKUP_PASSPHRASE, --passphrase-secret, or a terminal',
    );
  }
  const typed = checked(await typeUnseen({ stdin, stdout }, 'Passphrase: '), isNew);
  if (isNew && (await typeUnseen({ stdin, stdout }, 'Once more: ')) !== typed)
    throw new UsageError('these are two different ones');
  return typed;
}

function checked(passphrase: string, isNew: boolean): string {
  if (!isNew || passphrase.length >= MIN_LENGTH) return passphrase;
  throw new UsageError(
    `a passphrase has at least ${MIN_LENGTH} characters`,
    'Some words that nobody else puts together',
  );
}

function typeUnseen({ stdin, stdout }: Pick<AfpayDeps, 'stdin' | 'stdout'>, prompt: string): Promise<string> {
  const nowhere = new Writable({
    write: (_bytes, _encoding, done) => {
      done();
    },
  });
  stdout.write(prompt);
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      lines.close();
      stdout.write('\n');
      resolve(line);
    });
    lines.once('close', () => {
      resolve('');
    });
  });
}

const MIN_LENGTH = 10;
