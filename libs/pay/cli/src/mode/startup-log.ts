import { HIDDEN } from '@caravel/pay-protocol';
import type { OutputOf } from '@caravel/pay-protocol';
import type { AfpayDeps } from '../afpay-deps.js';

/** What was started and with which words, secrets masked. */
export function startupLog({ argv, version }: Pick<AfpayDeps, 'argv' | 'version'>): OutputOf<'log'> {
  return { code: 'log', event: 'startup', version, argv: withoutSecrets(argv) };
}

/** `--password-secret x` and `--password-secret=x` alike. */
export function withoutSecrets(argv: readonly string[]): string[] {
  return argv.map((word, index) => {
    const before = argv[index - 1] ?? '';
    if (isSecretFlag(before)) return HIDDEN;
    const [flag = '', value] = word.split('=', 1).concat(word.includes('=') ? ['='] : []);
    return value !== undefined && isSecretFlag(flag) ? `${flag}=${HIDDEN}` : word;
  });
}

const isSecretFlag = (word: string): boolean => /^--(?:[\w-]+-secret|rest-api-key|cashu-token)$/.test(word);
