import { effectOf, errorOutput, isLocalOnly, PayError } from '@caravel/pay-protocol';
import type { Input, Output, OutputOf } from '@caravel/pay-protocol';
import type { RpcClient } from '@caravel/pay-rpc';
import { timed } from '../local/timed-check.js';
import { dryRunOf } from './dry-run.js';
import type { Target } from './target.js';

/** A node elsewhere, for one command or for many. Nothing is opened here but the connection. */
export function remoteTarget(
  client: Pick<RpcClient, 'call' | 'watch' | 'close'>,
  { endpoint, dataDir }: { endpoint: string; dataDir: string },
): Target {
  return {
    handle: async function* (input, signal) {
      const id = 'id' in input ? input.id : undefined;
      if (isLocalOnly(input)) {
        const hint = `Run it on the machine of ${endpoint}`;
        yield errorOutput(
          new PayError('permission_denied', `\`${input.code}\` is not done from elsewhere`, { hint }),
          id,
        );
        return;
      }
      try {
        const wantsQr = input.code === 'receive' && input.write_qr_svg_file === true;
        const asked = wantsQr ? { ...input, write_qr_svg_file: undefined } : input;
        for await (const output of client.watch(asked, { timeoutMs: timeoutOf(input), signal })) {
          if (wantsQr && output.code === 'receive_info') {
            const { qrHere } = await import('./qr-here.js');
            yield await qrHere(output, input, dataDir);
          } else yield fromElsewhere(output, endpoint);
        }
      } catch (error) {
        yield failureOf(error, input);
      }
    },
    explain: (input) => Promise.resolve(dryRunOf(input, { endpoint })),
    doctor: async (signal) => {
      const check = await timed({ name: 'rpc_endpoint', endpoint }, () =>
        client.call({ code: 'version' }, { timeoutMs: 8000, signal }),
      );
      return { checks: [check], warnings: [] };
    },
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
}

/** As afpay 0.7 shows it: limits that are not of this machine stand under the node they are of. */
function fromElsewhere(output: Output, endpoint: string): Output {
  if (output.code === 'limit_exceeded') return { ...output, origin: output.origin ?? endpoint };
  if (output.code !== 'limit_status') return output;
  const { limits, downstream = [], ...rest } = output;
  return { ...rest, limits: [], downstream: [{ name: endpoint, endpoint, limits, downstream }] };
}

/** A payment whose answer is missing may have happened, whatever the connection said. */
function failureOf(error: unknown, input: Input): OutputOf<'error'> | OutputOf<'outcome_unknown'> {
  if (!(error instanceof PayError)) throw error;
  const id = 'id' in input ? input.id : undefined;
  const isSent = 'isSent' in error && error.isSent === true;
  if (!isSent || effectOf(input) !== 'pay' || id === undefined) return errorOutput(error, id);
  return {
    code: 'outcome_unknown',
    id,
    request_id: id,
    error: `${error.message}; the payment may have been made`,
    hint: `Ask: payment status --request-id ${id} — or the same command again with --id ${id}, which pays at most once`,
  };
}

/** As long as the node may take, and a little for the way. */
function timeoutOf(input: Input): number {
  if (input.code === 'watch') return LONGEST_WAIT_MS;
  if (input.code === 'receive' && isWaiting(input)) return ((input.wait_timeout_s ?? 300) + 15) * 1000;
  if (input.code === 'history_update') return 300_000;
  return effectOf(input) === 'read' ? 30_000 : 150_000;
}

const isWaiting = (input: Extract<Input, { code: 'receive' }>): boolean =>
  input.wait_until_paid === true ||
  input.wait_timeout_s !== undefined ||
  input.wait_poll_interval_ms !== undefined ||
  input.wait_sync_limit !== undefined;

const LONGEST_WAIT_MS = 86_415_000;
