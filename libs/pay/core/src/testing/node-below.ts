import { payIdMaker, PayError } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { Outcome, Provider } from '@caravel/pay-provider';
import { ledgerProvider } from './ledger-provider.js';
import type { PaymentRig } from './payment-rig.js';

/** What becomes of a request on its way to the node below, and of its answer. */
export type Line = 'good' | 'request lost' | 'answer lost';

/** A network that another node serves, over a line that loses what it is told to; the id there is that of here. */
export function nodeBelow(node: PaymentRig, line: () => Line): Provider {
  const newId = payIdMaker();
  return {
    ...ledgerProvider(node.books, { isRemote: true, prepares: true }),
    prepare: (_wallet, { payment: ask }) =>
      Promise.resolve(JSON.stringify({ id: `below ${ask.requestId}`, to: ask.kind === 'send' ? ask.to : '' })),
    dispatch: async (_wallet, artefact) => {
      const fields = JSON.parse(artefact) as { id: string; to: string };
      if (line() === 'request lost') throw new Error('the connection broke');
      const output = await node.ask('send', { ...fields, network: 'ln' });
      if (line() === 'answer lost') throw new Error('the connection broke');
      return outcomeOf(output);
    },
    resolve: async (_wallet, artefact) => {
      const { id } = JSON.parse(artefact) as { id: string };
      const asked = { id: newId('req_'), request_id: id, close_if_unknown: true };
      const status = await node.ask('payment_status', asked);
      if (status.code !== 'payment_status') return { outcome: 'unknown', reason: status.code };
      if (status.state === 'closed') return refused('request_closed');
      if (status.state !== 'sent' && status.state !== 'not_sent') return { outcome: 'unknown', reason: status.state };
      return outcomeOf(status.output as Output);
    },
  };
}

function outcomeOf(output: Output): Outcome {
  if (output.code === 'limit_exceeded') return { outcome: 'not_sent', answer: { ...output, origin: 'below' } };
  if (output.code === 'error') return refused('network_error');
  if (output.code !== 'sent') return { outcome: 'unknown', reason: output.code };
  const { transaction_id: transactionId, amount, fee } = output;
  const debits = [{ unit: amount.token, amount: amount.value + (fee?.value ?? 0n) }];
  return { outcome: 'sent', transactionId, amount, ...(fee && { fee }), debits, status: 'confirmed' };
}

function refused(code: 'request_closed' | 'network_error'): Outcome {
  const { message, retryable } = new PayError(code, 'refused below');
  return { outcome: 'not_sent', answer: { code: 'error', error_code: code, error: message, retryable } };
}
