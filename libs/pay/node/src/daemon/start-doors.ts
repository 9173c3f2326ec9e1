import type { Clock } from '@caravel/domain';
import { createHealth } from '@caravel/service';
import type { Logger, Metrics } from '@caravel/service';
import type { NodeConfig } from '../config/node-config.js';
import { answerCall } from '../door/answer-call.js';
import { keyRates } from '../door/key-rates.js';
import type { PayNode } from '../node/open-node.js';
import type { DaemonMode } from './daemon-config.js';

/** Where a node can be asked. */
export interface Doors {
  /** `http://host:port`. */
  restUrl?: string | undefined;
  /** `host:port`. */
  rpcAddress?: string | undefined;
  /** Takes nothing new, answers what runs, then cuts what is left. */
  stop: () => Promise<void>;
}

/** Opens REST, RPC or both on a node; gRPC and Express are loaded only here. Throws a PayError `invalid_config`. */
export async function startDoors(mode: DaemonMode, config: NodeConfig, deps: DoorsDeps): Promise<Doors> {
  const { node, clock, log, metrics, graceMs = 4000 } = deps;
  const nowMs = () => clock.now().getTime();
  const count = (labels: { input: string; result: string; key: string }) => {
    metrics.count('pay_requests_total', labels);
  };
  const shared = { answer: answerCall({ pay: node.pay, log, count }), admit: keyRates(config.rateLimit, nowMs), nowMs };
  const health = createHealth();
  health.ready('store', node.ready);
  health.enter('running');

  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    health.enter('stopping');
    await Promise.all(stops.map((each) => each()));
  };
  const openRest = async (): Promise<string> => {
    const { startRestDoor } = await import('../rest/start-rest-door.js');
    const door = await startRestDoor(config, { ...shared, health, metrics });
    stops.push(() => door.stop(graceMs));
    return door.url;
  };
  const openRpc = async (): Promise<string> => {
    const { startRpcDoor } = await import('../rpc/start-rpc-door.js');
    const door = await startRpcDoor(config, { ...shared, nodeId: node.nodeId });
    stops.push(() => door.stop(graceMs));
    return door.address;
  };
  try {
    const restUrl = mode === 'rpc' ? undefined : await openRest();
    const rpcAddress = mode === 'rest' ? undefined : await openRpc();
    return { restUrl, rpcAddress, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface DoorsDeps {
  node: PayNode;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  graceMs?: number;
}
