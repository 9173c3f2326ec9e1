// Gift wraps per CPU second, against nostr-tools in the same process.
//   npm run bench -- robot
import { metric } from './metric.js';
import { wrapRates } from './robot/wrap-rates.js';

const LEAST = { 'nostr-tools': undefined, wasm: 5, native: 20 };

const rates = await wrapRates();
for (const [name, { perCpuS, ratio }] of rates) {
  const min = LEAST[name];
  metric(`robot.wraps.${name}`, perCpuS, { unit: 'a second of CPU' });
  if (min !== undefined) metric(`robot.wraps.${name}.ratio`, ratio, { unit: '× nostr-tools', target: { min } });
}
if (!rates.has('native'))
  process.stdout.write('robot.wraps.native: left out, this machine has no libsecp256k1 or koffi\n');
