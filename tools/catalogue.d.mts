export function catalogue(connectionString: string): Promise<string>;
