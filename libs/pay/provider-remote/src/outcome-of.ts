import { parseOutputs } from '@caravel/pay-protocol';
import type { Amount, InputOf, Output, OutputOf } from '@caravel/pay-protocol';
import type { NotSent, Outcome, ProviderDebit, Sent } from '@caravel/pay-provider';
import { notSent, refusalOf } from './proofs.js';
import type { RemoteNode } from './remote-node.js';

/** What the node's authenticated answer to a payment proves. */
export function outcomeOf(node: OutcomeNode, input: PaymentInput, output: Output): Outcome {
  if (output.code === 'sent') return sent(node, output, { ...output, total: output.amount });
  if (output.code === 'cashu_sent' && input.code === 'cashu_send') {
    return { ...sent(node, output, { total: input.amount, fee: output.fee }), token: output.token };
  }
  const refusal = refusalOf(output, node.protocol);
  if (refusal) return { outcome: 'not_sent', answer: ownAnswer(node, refusal) };
  const said = output.code === 'error' || output.code === 'outcome_unknown' ? output.error : output.code;
  return { outcome: 'unknown', reason: `the node below says: ${said}` };
}

/** What the node's books say about a payment; of one that is over, its answer. */
export function statedOutcome(
  node: OutcomeNode,
  input: PaymentInput,
  { state, output }: OutputOf<'payment_status'>,
): Outcome {
  switch (state) {
    case 'sent': {
      const outcome = terminal(output);
      if (outcome?.code === 'sent' || outcome?.code === 'cashu_sent') return outcomeOf(node, input, outcome);
      return { outcome: 'unknown', reason: 'the node below has paid and does not say what' };
    }
    case 'not_sent':
      return { outcome: 'not_sent', answer: ownAnswer(node, answerIn(output)) };
    case 'closed':
      return notSent('request_closed', 'the payment did not reach the node, and is closed there', {
        retryable: false,
        hint: 'Ask again under another id',
      });
    case 'awaiting_approval': {
      const waiting = terminal(output);
      const answer = waiting?.code === 'approval_required' ? waiting : undefined;
      if (answer) return { outcome: 'not_sent', answer: ownAnswer(node, answer) };
      // Nothing is executed before the requester asks again.
      return notSent('approval_required', 'the payment waits for an approval on the node below', { retryable: false });
    }
    case 'never_seen':
    case 'reserved':
    case 'dispatched':
    case 'unknown':
      return { outcome: 'unknown', reason: `the node below says: ${state}` };
  }
}

function sent(
  { network }: OutcomeNode,
  { transaction_id, ...said }: OutputOf<'sent'> | OutputOf<'cashu_sent'>,
  { total, fee }: { total: Amount; fee?: Amount | undefined },
): Sent {
  const isChain = network !== 'ln' && network !== 'cashu';
  return {
    outcome: 'sent',
    transactionId: transaction_id,
    amount: total,
    fee,
    debits: debitsOf(fee ? [total, fee] : [total]),
    preimage: 'preimage' in said ? said.preimage : undefined,
    status: isChain ? 'pending' : 'confirmed',
  };
}

/** One debit an asset. afpay 0.7 tells evm amounts in gwei, which everybody else counts in wei. */
function debitsOf(amounts: readonly Amount[]): ProviderDebit[] {
  const byUnit = new Map<string, bigint>();
  for (const { token, value } of amounts) {
    const [unit, amount] = token === 'gwei' ? ['wei', value * 1_000_000_000n] : [token, value];
    byUnit.set(unit, (byUnit.get(unit) ?? 0n) + amount);
  }
  return [...byUnit].map(([unit, amount]) => ({ unit, amount }));
}

/** Without the id and the time of the request below; a limit of that node says where it is. */
function ownAnswer({ endpoint }: OutcomeNode, answer: NotSent['answer']): NotSent['answer'] {
  const own = { ...answer, id: undefined, trace: undefined };
  return own.code === 'limit_exceeded' ? { ...own, origin: own.origin ?? endpoint } : own;
}

function answerIn(output: unknown): NotSent['answer'] {
  const told = terminal(output);
  if (told?.code === 'error' || told?.code === 'limit_exceeded' || told?.code === 'approval_required') return told;
  return notSent('network_error', 'the node below proves that it was not sent', { retryable: true }).answer;
}

function terminal(output: unknown): Output | undefined {
  try {
    return parseOutputs([output], undefined)[0];
  } catch {
    return undefined;
  }
}

export type PaymentInput = InputOf<'send'> | InputOf<'cashu_send'>;
type OutcomeNode = Pick<RemoteNode, 'network' | 'endpoint' | 'protocol'>;
