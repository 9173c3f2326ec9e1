import { encodeOutput, OUTPUTS, redactSecrets, stringifyJson } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { OwnOutput } from './own-output.js';
import { toPlain } from './plain.js';
import { toYaml } from './yaml.js';

export type OutputFormat = 'json' | 'yaml' | 'plain';

/**
 * One Output for whoever reads: `json` is one line with the keys as they are; `yaml` and `plain` take units out of the names and
 * write them beside the values. Every `*_secret` is hidden, but for the seed that was asked for, in json.
 */
export function formatOutput(output: Output | OwnOutput, format: OutputFormat): string {
  if (format === 'json') return `${toJson(output)}\n`;
  return format === 'yaml' ? toYaml(output) : `${toPlain(output)}\n`;
}

function toJson(output: Output | OwnOutput): string {
  if (output.code === 'wallet_seed') return stringifyJson(output);
  return isOutput(output) ? encodeOutput(output) : stringifyJson(redactSecrets(output));
}

const isOutput = (output: Output | OwnOutput): output is Output => Object.hasOwn(OUTPUTS, output.code);
