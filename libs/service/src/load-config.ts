import { AppError } from '@caravel/domain';
import type { z } from 'zod';

/** The variables of a process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a service's variables with one schema. Blank counts as missing. Throws one `ConfigError` that names every
 * missing or malformed variable and what was expected there, never what was found.
 */
export function loadConfig<Schema extends z.ZodType>(schema: Schema, env: Environment): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const result = schema.safeParse(given);
  if (result.success) return result.data;

  const problems = new Map<string, ConfigProblem>();
  for (const issue of result.error.issues) {
    const variable = String(issue.path[0] ?? 'configuration');
    if (problems.has(variable)) continue; // the first complaint about a variable says enough
    problems.set(variable, {
      variable,
      problem: issue.path.length === 0 || variable in given ? 'malformed' : 'missing',
      expected: issue.message,
    });
  }
  throw new ConfigError([...problems.values()]);
}

/** The service can't start with these variables. */
export class ConfigError extends AppError {
  constructor(readonly problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, problem, expected }) => `${variable} is ${problem} (expected ${expected})`);
    super('internal', `configuration: ${lines.join('; ')}`);
  }
}

export interface ConfigProblem {
  variable: string;
  problem: 'missing' | 'malformed';
  expected: string;
}
