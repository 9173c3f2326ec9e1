// How long billing's time machine takes for a year of a thousand tenants, with fsync off.
//   npm run bench -- simulator
import { spawn } from 'node:child_process';
import { metric } from './metric.js';

const args = ['--tenants', '1000', '--months', '12', '--seed', '1', '--mood', 'ordinary'];
const child = spawn('npm', ['run', '-s', 'simulate', '--', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
let said = '';
child.stdout.on('data', (data: Buffer) => {
  process.stdout.write(data);
  said += data.toString();
});
const code = await new Promise((resolve) => child.once('exit', resolve));
const seconds = Number(/^took ([\d.]+) s$/m.exec(said)?.[1]);
if (code !== 0 || Number.isNaN(seconds)) throw new Error(`the simulator ended with ${String(code)}`);
metric('simulator.year_of_1000_tenants', seconds, { unit: 's', target: { max: 60 } });
