// Real Lightning on loopback: a regtest chain, an Electrum server in front of it, and two Electrum nodes with an open channel from
// which both can pay.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChain } from './chain.mjs';
import { startElectrumDaemon } from './electrum-daemon.mjs';
import { startElectrumServer } from './electrum-server.mjs';

/** The largest channel Electrum 4.3 opens is 16,777,215 sats; half of this one is pushed to the other side. */
const CHANNEL_BTC = 0.16;

export async function startLightning({ freePort }) {
  const dir = mkdtempSync(join(tmpdir(), 'caravel-peers-'));
  const running = [];
  const own = (part) => (running.push(part.stop), part);
  const stop = async () => {
    for (const end of running.splice(0).reverse()) await end();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const chain = own(await startChain());
    const { port: electrumPort } = own(await startElectrumServer(chain));
    const [alice, bob] = await Promise.all(
      ['alice', 'bob'].map(async (name) =>
        own(await startElectrumDaemon({ dir: join(dir, name), electrumPort, freePort, until })),
      ),
    );
    await openChannel({ chain, alice, bob });
    return { alice: alice.address, bob: bob.address, electrumPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openChannel({ chain, alice, bob }) {
  await chain.mine(1, await alice.rpc('getunusedaddress'));
  await chain.mine(100); // a coinbase can be spent after that
  await until(async () => Number((await alice.rpc('getbalance')).confirmed) > 0, "the payer's first coins");
  const connection_string = await bob.rpc('nodeid');
  await alice.rpc('open_channel', { connection_string, amount: CHANNEL_BTC, push_amount: CHANNEL_BTC / 2 });
  await until(() => chain.hasUnconfirmed(), 'the funding transaction');
  await chain.mine(4);
  for (const { rpc } of [alice, bob]) {
    await until(async () => {
      const [channel] = await rpc('list_channels');
      return channel?.state === 'OPEN' && channel.peer_state === 'GOOD';
    }, 'the open channel');
  }
}

async function until(ask, what, timeoutMs = 60_000) {
  const end = performance.now() + timeoutMs;
  let last;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`${what} did not come within ${timeoutMs / 1000} s`, { cause: last });
}
