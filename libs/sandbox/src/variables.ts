import { z } from 'zod';
import table from './variables.json' with { type: 'json' };

export const SERVICES = ['api-gateway', 'billing-service', 'relay-provisioner', 'robot-dm'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** One value for each service. */
export function perService<T>(value: (name: ServiceName) => T): Record<ServiceName, T> {
  return {
    'api-gateway': value('api-gateway'),
    'billing-service': value('billing-service'),
    'relay-provisioner': value('relay-provisioner'),
    'robot-dm': value('robot-dm'),
  };
}

const variableSchema = z.strictObject({
  name: z.string(),
  services: z.array(z.enum(SERVICES)).min(1),
  /** What a service takes when it is not set. `null`: it must be set. */
  default: z.string().nullable(),
  /** What the sandbox gives, as the docs show it. Absent: it leaves the default. */
  sandbox: z.string().optional(),
  about: z.string(),
});
export type Variable = z.infer<typeof variableSchema>;

/**
 * Every environment variable: the source of `.env.example`, of docs/configuration.md and of what each process is given. In
 * the order of the seed; those it does not have follow in each group.
 */
export const VARIABLES: readonly Variable[] = z.array(variableSchema).parse(table);

/** Of `env`, what `service` reads: no process holds a secret that is another's. */
export function variablesOf(
  service: ServiceName,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const names = VARIABLES.filter(({ services }) => services.includes(service)).map(({ name }) => name);
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
