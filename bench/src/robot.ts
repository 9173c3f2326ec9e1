// Gift wraps per CPU second, against nostr-tools in the same process; then notices through two relays, of which one restarts.
//   npm run bench -- robot
//   npm run bench -- robot --notices 1000
import { metric } from './metric.js';
import { tellNotices } from './robot/notices.js';
import { wrapRates } from './robot/wrap-rates.js';

const LEAST = { 'nostr-tools': undefined, wasm: 5, native: 20 };
const option = process.argv.indexOf('--notices');
const count = option < 0 ? 10_000 : Number(process.argv[option + 1]);

const rates = await wrapRates();
for (const [name, { perCpuS, ratio }] of rates) {
  const min = LEAST[name];
  metric(`robot.wraps.${name}`, perCpuS, { unit: 'a second of CPU' });
  if (min !== undefined) metric(`robot.wraps.${name}.ratio`, ratio, { unit: '× nostr-tools', target: { min } });
}
if (!rates.has('native')) process.stdout.write('robot.wraps.native: left out, libsecp256k1 or koffi is not here\n');

const { readOnce, others, triedAgain, seconds } = await tellNotices(count);
metric('robot.notices.read_once', readOnce, { unit: `of ${count} through two relays`, target: { min: count } });
metric('robot.notices.lost_or_twice', others, { unit: 'tenants', target: { max: 0 } });
metric('robot.notices.tried_again', triedAgain, { unit: 'because one relay restarted', target: { min: 1 } });
metric('robot.notices.rate', count / seconds, { unit: `a second (${seconds.toFixed(1)} s)` });
