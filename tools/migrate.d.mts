export function migrate(
  connectionString: string,
  options?: {
    roles?: 'required' | 'optional';
    plansFile?: string;
    passwords?: Record<string, string>;
    folder?: string;
  },
): Promise<{ applied: string[]; hasRoles: boolean; plans: number }>;
export function passwordsFrom(env: NodeJS.ProcessEnv): Record<string, string>;
export function platformFolder(): string;
