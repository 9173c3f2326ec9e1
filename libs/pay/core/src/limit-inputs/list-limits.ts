import { NETWORKS, PayError } from '@caravel/pay-protocol';
import type { DownstreamNode, LimitStatus, Output } from '@caravel/pay-protocol';
import { boundedCall } from '../control/bounded-call.js';
import { mayUseNetwork, mayUseWallet } from '../control/permit.js';
import { toldError } from '../control/told-error.js';
import type { Caller, CoreDeps, Downstream, Handle, PayCall } from '../pay-call.js';
import type { WalletRows } from '../wallets/wallet-rows.js';
import { limitStatuses } from './limit-statuses.js';

/**
 * The limits here and, asked in parallel, those of every node below: a tree. A node that was asked before on the way says `cycle`;
 * one that does not answer in time is named with its error, and hides no other.
 */
export function listLimits({ spend, rows, clock, policy, downstream = [], log }: ListDeps): Handle<'limit_list'> {
  const ask = async (node: Downstream, visited: string[], call: AskCall): Promise<DownstreamNode> => {
    const named = { name: node.name, endpoint: node.endpoint };
    const empty = { ...named, limits: [], downstream: [] };
    if (visited.length > MAX_DEPTH) return { ...empty, error: 'too deep' };
    const timeoutMs = Math.max(call.deadlineMs - clock.now().getTime(), 0);
    try {
      const outputs = await boundedCall(call.signal, timeoutMs, (signal) =>
        node.ask({ code: 'limit_list', id: call.id, visited }, { signal, deadlineMs: call.deadlineMs }),
      );
      return { ...empty, ...treeOf(outputs) };
    } catch (error) {
      return { ...empty, error: toldError(error, log).message };
    }
  };

  return async (input, call) => {
    const visited = input.visited ?? [];
    if (visited.includes(policy.nodeId)) throw new PayError('invalid_request', CYCLE);
    const statuses = await limitStatuses(spend, clock.now().getTime());
    // A key may be given its wallets by their labels.
    const labels = new Map((call.caller.wallets ? await rows.list() : []).map(({ id, label }) => [id, label]));
    const limits = statuses.filter((each) => maySee(each, call.caller, labels)).map(({ status }) => status);
    const deadlineMs = deadlineOf(call, clock.now().getTime()) - HOP_MS;
    const below = { id: input.id, signal: call.signal, deadlineMs };
    const nodes = distinct(downstream);
    const asked = nodes.map((node) => ask(node, [...visited, policy.nodeId], below));
    return { code: 'limit_status', limits, downstream: await Promise.all(asked) };
  };
}

function treeOf(outputs: readonly Output[]): Pick<DownstreamNode, 'limits' | 'downstream' | 'error'> {
  const answer = outputs.findLast(({ code }) => code !== 'log');
  if (answer?.code === 'limit_status')
    return { limits: answer.limits, downstream: (answer.downstream ?? []).map(whole) };
  return { error: answer?.code === 'error' ? answer.error : 'the node answered something else' };
}

/** A node of another make leaves empty lists out. */
const whole = (node: DownstreamNode): DownstreamNode => ({
  ...node,
  limits: node.limits ?? [],
  downstream: (node.downstream ?? []).map(whole),
});

function maySee({ bucket, status }: RuleOfBucket, caller: Caller, labels: Labels): boolean {
  if (caller.isLocal) return true;
  const [, key] = /^key\/([^/]*)\//.exec(bucket) ?? [];
  if (key !== undefined && key !== caller.keyName) return false;
  const network = NETWORKS.find((name) => name === status.network);
  if (network === undefined) return true;
  if (status.wallet === undefined) return mayUseNetwork(caller, network);
  return mayUseWallet(caller, { id: status.wallet, network, label: labels.get(status.wallet) });
}

function distinct(nodes: readonly Downstream[]): Downstream[] {
  const first = new Map<string, Downstream>();
  for (const node of nodes) if (!first.has(node.endpoint)) first.set(node.endpoint, node);
  return [...first.values()];
}

const deadlineOf = ({ deadlineMs }: PayCall, nowMs: number): number => Math.min(deadlineMs ?? Infinity, nowMs + TOP_MS);

const CYCLE = 'cycle';
const MAX_DEPTH = 5;
/** What each hop keeps for its own answer. */
const HOP_MS = 500;
const TOP_MS = 10_000;

interface AskCall {
  id: string;
  signal: AbortSignal;
  deadlineMs: number;
}

interface RuleOfBucket {
  bucket: string;
  status: LimitStatus;
}
type Labels = ReadonlyMap<string, string | undefined>;

interface ListDeps extends Pick<CoreDeps, 'spend' | 'clock' | 'policy' | 'downstream' | 'log'> {
  rows: WalletRows;
}
