import './global-web-socket.js';

import { NWCWalletService } from '@getalby/sdk/nwc';

const RECONNECT_MS = 200;
const PUBLISH_MS = 1000;

/**
 * One connection to a relay, made anew when it breaks, on the SDK's socket. `listen` sets up what a fresh connection needs.
 * The first attempt must succeed; rejects otherwise.
 */
export async function relayLink({ relayUrl, listen, wait }: RelayLinkOptions): Promise<RelayLink> {
  const publishing = new Set<Promise<unknown>>();
  let current: Relay | undefined;
  let stopped = false;
  let reconnecting = false;

  async function connect(): Promise<void> {
    const { relay } = new NWCWalletService({ relayUrl });
    relay.publishTimeout = PUBLISH_MS;
    await relay.connect();
    current = relay;
    relay.onclose = reconnectSoon;
    await listen(relay);
  }

  /** Called by the end of a connection and by a failed attempt, sometimes by both: one attempt at a time. */
  function reconnectSoon(): void {
    current = undefined;
    if (stopped || reconnecting) return;
    reconnecting = true;
    const done = () => {
      reconnecting = false;
    };
    const again = () => {
      done();
      reconnectSoon();
    };
    void wait(RECONNECT_MS).then(connect).then(done, again);
  }

  await connect();
  return {
    publish: async (event) => {
      const published = current?.publish(event).catch(ignore); // the socket went away: what was said is lost
      if (!published) return;
      publishing.add(published);
      await published;
      publishing.delete(published);
    },
    stop: async () => {
      stopped = true;
      await Promise.all(publishing); // a publish cut short would hold the process for seconds
      current?.close();
    },
  };
}

const ignore = (): undefined => undefined;

export type Relay = NWCWalletService['relay'];

export interface RelayLink {
  /** Never rejects; what the relay does not take is lost. */
  publish(event: Parameters<Relay['publish']>[0]): Promise<void>;
  stop: () => Promise<void>;
}

interface RelayLinkOptions {
  relayUrl: string;
  listen: (relay: Relay) => Promise<void>;
  wait: (ms: number) => Promise<void>;
}
