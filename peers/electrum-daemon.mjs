// One Electrum daemon (4.3, Debian's package) with a wallet of its own, as a Lightning node on loopback.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export async function startElectrumDaemon({ dir, electrumPort, freePort, until }) {
  const [rpcPort, lightningPort] = [await freePort(), await freePort()];
  const [user, password] = ['peer', randomBytes(16).toString('hex')];
  const wallet = join(dir, 'wallet');
  const server = `127.0.0.1:${electrumPort}:t`;
  mkdirSync(join(dir, 'regtest'), { recursive: true, mode: 0o700 });
  const config = {
    config_version: 3,
    rpcsock: 'tcp',
    rpchost: '127.0.0.1',
    rpcport: rpcPort,
    rpcuser: user,
    rpcpassword: password,
    use_gossip: true,
    lightning_to_self_delay: 144,
    lightning_listen: `localhost:${lightningPort}`,
    check_updates: false,
    server,
    oneserver: true,
    auto_connect: false,
  };
  writeFileSync(join(dir, 'regtest', 'config'), JSON.stringify(config), { mode: 0o600 });
  const child = spawn('electrum', ['--regtest', '-D', dir, 'daemon', '-s', server, '--oneserver'], {
    env: { ...process.env, PYTHONWARNINGS: 'ignore' },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));

  const rpcUrl = `http://127.0.0.1:${rpcPort}/`;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  async function rpc(method, params = {}) {
    const body = JSON.stringify({ id: 1, jsonrpc: '2.0', method, params });
    const signal = AbortSignal.timeout(40_000);
    const response = await fetch(rpcUrl, { method: 'POST', headers: { authorization }, body, signal });
    const { result, error } = await response.json();
    if (error) throw new Error(`${method}: ${JSON.stringify(error).slice(0, 300)}`);
    return result;
  }
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  };
  try {
    await until(() => rpc('getinfo'), 'an Electrum daemon');
    await rpc('create', { wallet_path: wallet });
    await rpc('load_wallet', { wallet_path: wallet });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address: { rpcUrl, user, password, wallet },
    rpc: (method, params = {}) => rpc(method, { wallet, ...params }),
    stop,
  };
}
