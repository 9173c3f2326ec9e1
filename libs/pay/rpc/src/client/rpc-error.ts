import { status } from '@grpc/grpc-js';
import { PayError } from '@caravel/pay-protocol';
import type { PayErrorCode } from '@caravel/pay-protocol';

/**
 * A call without a good sealed answer. `isSent` is false only when it is certain that nothing left us. Otherwise whoever asked
 * for something that changes things doesn't know its outcome, whatever the status says, and asks again under the same id.
 */
export class RpcError extends PayError {
  readonly isSent: boolean;

  constructor(code: PayErrorCode, message: string, { isSent, hint, cause }: RpcErrorOptions) {
    super(code, message, { hint, cause });
    this.isSent = isSent;
  }
}

/** An answer that is not what the node sealed for this request. */
export const unreadable = (message: string, cause?: unknown): RpcError =>
  new RpcError('decrypt_error', message, { isSent: true, cause });

/** What gRPC said of a call that was sent. Anybody on the way could have said it. */
export function toRpcError(error: unknown): unknown {
  if (error instanceof PayError) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const [name, message, hint] = KNOWN[code] ?? ['rpc_error', 'the call failed'];
  return new RpcError(name, message, { isSent: true, ...(hint !== undefined && { hint }), cause: error });
}

export const isStatus = (error: unknown, code: status): boolean => codeOf(error) === code;

function codeOf(error: unknown): status | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return Object.values(status).find((known): known is status => known === code);
}

const KNOWN: Readonly<Partial<Record<status, [PayErrorCode, string, string?]>>> = {
  [status.UNAUTHENTICATED]: ['unauthenticated', 'the node did not accept our secret', 'Is it the secret of that node?'],
  [status.PERMISSION_DENIED]: ['permission_denied', 'the node does not permit this'],
  [status.INVALID_ARGUMENT]: ['invalid_argument', 'the node did not understand the call'],
  [status.RESOURCE_EXHAUSTED]: ['unavailable', 'the node refuses more calls now', 'Ask again in 10 seconds'],
  [status.UNAVAILABLE]: ['unavailable', 'the connection to the node broke'],
  [status.DEADLINE_EXCEEDED]: ['unavailable', 'the node did not answer in time'],
  [status.CANCELLED]: ['unavailable', 'the call was given up'],
  [status.OUT_OF_RANGE]: ['unauthenticated', 'the clocks of this machine and of the node differ', 'Set them right'],
  [status.ALREADY_EXISTS]: ['unauthenticated', 'the node has seen this very message before'],
  [status.UNIMPLEMENTED]: [
    'peer_speaks_v1',
    'the node does not speak protocol v2',
    'If it is an afpay 0.7, say so: protocol = "v1" in [afpay_rpc.<name>], or --rpc-protocol v1',
  ],
};

interface RpcErrorOptions {
  isSent: boolean;
  hint?: string | undefined;
  cause?: unknown;
}
