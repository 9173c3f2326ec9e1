import { PayError } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { Outcome, PaymentAsk, Provider, ProviderWallet } from '@caravel/pay-provider';
import { RpcError } from '@caravel/pay-rpc';
import { askNode, terminalOf } from './ask-node.js';
import { downstreamId } from './downstream-id.js';
import { outcomeOf, statedOutcome } from './outcome-of.js';
import type { PaymentInput } from './outcome-of.js';
import { notSent } from './proofs.js';
import { quoteBelow, tokenQuote } from './quote-below.js';
import { artefactText, readArtefact } from './remote-artefact.js';
import type { RemoteArtefact } from './remote-artefact.js';
import type { RemoteNode } from './remote-node.js';

/**
 * Paying through another node. The artefact is the Input that it is asked with, under an id made of ours, and which node is asked:
 * once dispatched it is never sent again, only asked about, and of that node alone.
 */
export function remotePayments(node: RemoteNode): PaymentMethods {
  const resolve: Provider['resolve'] = async (_wallet, artefact, { signal }) => {
    try {
      return await askedOutcome(node, readArtefact(node, artefact), signal);
    } catch (error) {
      return unknown(error);
    }
  };

  return {
    quote: (wallet, payment, call) =>
      payment.kind === 'send'
        ? quoteBelow(node, wallet, { ...payment, ...call })
        : Promise.resolve(tokenQuote(payment)),

    prepare: async (wallet, { payment }, { signal }) => {
      const nodeId = await node.client.nodeId({ signal });
      return artefactText(node, { nodeId, input: inputBelow(node, wallet, payment) });
    },

    dispatch: async (wallet, artefact, call) => {
      let answer: Output;
      const { input, nodeId } = readArtefact(node, artefact);
      try {
        answer = await terminalOf(node, input, { signal: call.signal, timeoutMs: PAY_TIMEOUT_MS, nodeId });
      } catch (error) {
        // The channel was never ready, or leads to another node by now: nothing of this payment has left us. That is no status, no
        // broken stream and no timeout of a call, which are unknown whatever they say (pay-limits.md, row "remote node").
        if (error instanceof RpcError && !error.isSent) return notSent(error.code, error.message, { retryable: true });
        return unknown(error);
      }
      const outcome = outcomeOf(node, input, answer);
      // The node has answered, but its word proves nothing: its books may.
      return outcome.outcome === 'unknown' && answer.code === 'error' ? resolve(wallet, artefact, call) : outcome;
    },

    resolve,
  };
}

/**
 * What the node's books say. An id that it has never seen is closed by the question: should the payment still arrive, it is
 * refused. afpay 0.7 does not know the question, and a repeated `send` would pay twice there; such a payment stays unknown until
 * the operator ends it.
 */
async function askedOutcome(
  node: RemoteNode,
  { input, nodeId }: RemoteArtefact,
  signal: AbortSignal,
): Promise<Outcome> {
  const asked = {
    code: 'payment_status',
    id: node.newId('req_'),
    request_id: input.id,
    close_if_unknown: true,
  } as const;
  const told = await askNode(node, asked, { signal, nodeId, expected: 'payment_status' });
  if (told.request_id !== input.id) throw new PayError('parse_error', 'the node answered about another payment');
  return statedOutcome(node, input, told);
}

function inputBelow(
  { nodeId, network }: RemoteNode,
  { id: wallet }: ProviderWallet,
  payment: PaymentAsk,
): PaymentInput {
  const { requestId, requestKey, memo: onchain_memo, mints } = payment;
  const id = downstreamId(nodeId, { keyName: requestKey, id: requestId });
  const common = { id, wallet, onchain_memo, ...(mints && { mints: [...mints] }) };
  if (payment.kind === 'send') return { code: 'send', ...common, to: payment.to, network };
  return { code: 'cashu_send', ...common, amount: payment.amount };
}

const unknown = (error: unknown): Outcome => ({
  outcome: 'unknown',
  reason: error instanceof PayError ? error.message : 'the node could not be asked',
});

/** As pay-rpc-v2 bounds the wait for a payment. */
const PAY_TIMEOUT_MS = 120_000;

type PaymentMethods = Pick<Provider, 'quote' | 'dispatch' | 'resolve'> & Required<Pick<Provider, 'prepare'>>;
