import { PayError } from '@caravel/pay-protocol';
import type { InputOf, OutputOf } from '@caravel/pay-protocol';
import type { Requests } from '../books.js';
import { boundedCall, CHANGE_TIMEOUT_MS, timeLeftMs } from '../control/bounded-call.js';
import { requestOf } from '../control/request-of.js';
import type { CoreDeps, PayCall } from '../pay-call.js';
import type { StreamHandle } from '../stream-handle.js';
import type { Wallets } from '../wallets/wallet-book.js';
import type { Attend } from './attend.js';
import { writeQr } from './qr-file.js';
import type { ReceiveRow, ReceiveRows } from './receive-rows.js';
import { checkAwaitable, DEFAULT_SYNC_LIMIT, waitOptions } from './wait-options.js';

/**
 * Where to pay, at once; then, when somebody waits, that it was paid. The invoice or address is made once for its request, and
 * the wait is a row: a repeat waits on with it.
 */
export function receive(deps: ReceiveDeps): StreamHandle<'receive'> {
  const { requests, rows, attend, clock } = deps;
  const make = maker(deps);
  return async (input, call, emit) => {
    const wait = waitOptions(input);
    const info = await requests.once(input, call, () => make(input, call));
    if (info.code !== 'receive_info' || !wait) return info;
    const request = requestOf(input, call);
    const row = await rows.find(request);
    if (!row) throw new PayError('internal_error', 'the row of a wait is gone');
    checkAwaitable(row.network, { ...row.awaited, quoteId: row.info.quoteId });
    emit(info);
    const nowMs = clock.now().getTime();
    await rows.wait(request, { deadlineMs: nowMs + wait.timeoutMs, pollMs: wait.pollMs }, nowMs);
    return attend(request, call);
  };
}

function maker({ rows, wallets, clock, qrFolder }: ReceiveDeps) {
  return async (input: InputOf<'receive'>, call: PayCall): Promise<OutputOf<'receive_info'>> => {
    const request = requestOf(input, call);
    const before = await rows.find(request);
    if (before) return told(before, input, qrFolder);
    const { amount, onchain_memo: memo, invoice_expiry_s: invoiceExpiryS, reference } = input;
    const { provider, wallet } = await wallets.choose(input, call);
    if (waitOptions(input)) checkAwaitable(wallet.network, { amount, memo, reference });
    if (input.write_qr_svg_file === true && qrFolder === undefined) {
      throw new PayError('invalid_request', 'this node has no folder to write QR codes to');
    }
    const ask = { amount, memo, reference };
    const sinceMs = clock.now().getTime();
    const timeoutMs = timeLeftMs(call, clock, CHANGE_TIMEOUT_MS);
    const info = await boundedCall(call.signal, timeoutMs, (signal) =>
      provider.receiveInfo(wallet, { ...ask, invoiceExpiryS }, { signal, request }),
    );
    const awaited = {
      ...ask,
      sinceMs,
      minConfirmations: input.min_confirmations,
      syncLimit: input.wait_sync_limit ?? DEFAULT_SYNC_LIMIT,
    };
    const row = { request, walletId: wallet.id, network: wallet.network, info, awaited };
    await rows.insert(row, clock.now().getTime());
    return told((await rows.find(request)) ?? row, input, qrFolder);
  };
}

async function told(
  { walletId, info, request }: Pick<ReceiveRow, 'walletId' | 'info' | 'request'>,
  { write_qr_svg_file }: InputOf<'receive'>,
  qrFolder: string | undefined,
): Promise<OutputOf<'receive_info'>> {
  const { address, invoice, quoteId } = info;
  const text = invoice ?? address;
  const wantsQr = write_qr_svg_file === true && qrFolder !== undefined && text !== undefined;
  return {
    code: 'receive_info',
    wallet: walletId,
    receive_info: {
      ...(address !== undefined && { address }),
      ...(invoice !== undefined && { invoice }),
      ...(quoteId !== undefined && { quote_id: quoteId }),
    },
    ...(wantsQr && { qr_svg_path: await writeQr(qrFolder, request, text) }),
  };
}

interface ReceiveDeps extends Pick<CoreDeps, 'clock' | 'qrFolder'> {
  requests: Requests;
  rows: ReceiveRows;
  wallets: Wallets;
  attend: Attend;
}
