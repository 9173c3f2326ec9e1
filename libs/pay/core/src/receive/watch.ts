import { PayError } from '@caravel/pay-protocol';
import { denied } from '../control/permit.js';
import type { CoreDeps, Handle, PayCall } from '../pay-call.js';
import type { Wallets } from '../wallets/wallet-book.js';
import type { Attend } from './attend.js';
import type { ReceiveRow, ReceiveRows } from './receive-rows.js';
import { checkAwaitable, DEFAULT_WAIT } from './wait-options.js';

/** Goes on with a `receive` that was asked for before. One that nobody waited for is waited for from now on. */
export function watch({ rows, wallets, attend, clock }: WatchDeps): Handle<'watch'> {
  /** A key sees its own requests; whoever sits here sees all. */
  const find = async (id: string, { caller }: PayCall): Promise<ReceiveRow | undefined> => {
    const own = await rows.find({ keyName: caller.keyName, id });
    if (own || !caller.isLocal) return own;
    const [only, another] = await rows.named(id);
    if (another) throw new PayError('invalid_request', 'several keys made a request of this id');
    return only;
  };

  return async ({ request_id }, call) => {
    const row = await find(request_id, call);
    if (!row) {
      throw new PayError('invalid_request', 'no `receive` was asked for under this id', {
        hint: '`request_id` is the `id` of the `receive`',
      });
    }
    if (!(await wallets.allows(call.caller, { id: row.walletId, network: row.network })))
      throw denied('use this wallet');
    if (row.state === 'open') {
      checkAwaitable(row.network, { ...row.awaited, quoteId: row.info.quoteId });
      const nowMs = clock.now().getTime();
      await rows.wait(row.request, { deadlineMs: nowMs + DEFAULT_WAIT.timeoutMs, pollMs: DEFAULT_WAIT.pollMs }, nowMs);
    }
    return attend(row.request, call);
  };
}

interface WatchDeps extends Pick<CoreDeps, 'clock'> {
  rows: ReceiveRows;
  wallets: Wallets;
  attend: Attend;
}
