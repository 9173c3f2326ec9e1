import { PayError } from '@caravel/pay-protocol';
import { parse, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { tomlSchema } from './toml-schema.js';
import type { Toml } from './toml-schema.js';

/**
 * Reads the text of a config.toml. Keys that nobody knows are named in `warnings`, as afpay 0.7 ignores them. Throws a PayError
 * `invalid_config` that names the key, and never a value: it may be a secret.
 */
export function parseToml(text: string): { toml: Toml; warnings: string[] } {
  const value = parseText(text);
  const strict = tomlSchema.safeParse(value);
  if (strict.success) return { toml: strict.data, warnings: [] };

  const warnings = strict.error.issues.flatMap((issue) => removeUnknown(value, issue));
  const known = tomlSchema.safeParse(value);
  if (known.success) return { toml: known.data, warnings };
  const issue = known.error.issues[0];
  throw new PayError('invalid_config', `config.toml: ${pathOf(issue?.path ?? [])}: ${issue?.message ?? 'invalid'}`);
}

/** The parser's own message shows the lines around, with their secrets. */
function parseText(text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    const where = error instanceof TomlError ? ` at line ${error.line}, column ${error.column}` : '';
    throw new PayError('invalid_config', `config.toml is not valid TOML${where}`);
  }
}

function removeUnknown(value: Record<string, unknown>, issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const parent = issue.path.reduce<unknown>((inner, name) => (isTable(inner) ? inner[String(name)] : undefined), value);
  if (!isTable(parent)) return [];
  for (const name of issue.keys) Reflect.deleteProperty(parent, name);
  return issue.keys.map((name) => `config.toml: \`${pathOf([...issue.path, name])}\` is not known and ignored`);
}

const isTable = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** `keys.agent.limits[0]`. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '') || 'its keys';
