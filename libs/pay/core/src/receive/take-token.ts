import { createHash } from 'node:crypto';
import { PayError } from '@caravel/pay-protocol';
import { boundedCall, CHANGE_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import { requestOf } from '../control/request-of.js';
import type { HistoryRows } from '../history/history-rows.js';
import type { CoreDeps, Handle } from '../pay-call.js';
import { checkMint } from '../wallets/check-mint.js';
import type { Wallets } from '../wallets/wallet-book.js';

/** Takes the money of a cashu token into a wallet that exists; none is ever made for a mint that somebody else named. */
export function takeToken({ db, wallets, history, clock, policy }: TakeDeps): Handle<'cashu_receive'> {
  return async (input, call) => {
    const { provider, wallet } = await wallets.choose({ wallet: input.wallet, network: 'cashu' }, call);
    const take = provider.receiveToken?.bind(provider);
    if (!take) throw new PayError('not_implemented', 'no tokens are taken here');
    if (typeof wallet.settings.mint_url === 'string') checkMint(policy, wallet.settings.mint_url);
    const request = requestOf(input, call);
    const timeoutMs = timeLeftMs(call, clock, CHANGE_TIMEOUT_MS);
    const { amount, memo } = await boundedCall(call.signal, timeoutMs, (signal) =>
      take(wallet, input.token, { signal, request }),
    );
    const nowMs = clock.now().getTime();
    // Made of the request, so that a repeat after a crash is the same record.
    const hash = createHash('sha256').update([policy.nodeId, request.keyName, request.id].join('\0'));
    const transactionId = `tx_${hash.digest('hex').slice(0, 16)}`;
    const record = { transactionId, direction: 'receive', amount, status: 'confirmed', memo } as const;
    await db.transaction((tx) => history.record(tx, wallet, { ...record, createdAtMs: nowMs, confirmedAtMs: nowMs }));
    return { code: 'cashu_received', wallet: wallet.id, amount, ...(memo !== undefined && { memo }) };
  };
}

interface TakeDeps extends Pick<CoreDeps, 'db' | 'clock' | 'policy'> {
  wallets: Wallets;
  history: HistoryRows;
}
