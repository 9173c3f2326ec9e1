import { PhoenixdRefusal } from './phoenixd-refusal.js';

export function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw new PhoenixdRefusal(400, `Request parameter ${name} is missing`);
  return value;
}

export function integer(form: URLSearchParams, name: string): number | undefined {
  const value = form.get(name);
  if (value === null) return undefined;
  if (!/^\d{1,15}$/.test(value)) {
    throw new PhoenixdRefusal(400, `Request parameter ${name} couldn't be parsed/converted to integer`);
  }
  return Number(value);
}

export function amountSat(form: URLSearchParams): bigint {
  required(form, 'amountSat');
  const sat = integer(form, 'amountSat') ?? 0;
  if (sat === 0) throw new PhoenixdRefusal(400, 'Request parameter amountSat must be positive');
  return BigInt(sat);
}

export function textUpTo(maxChars: number, form: URLSearchParams, name: string): string {
  const value = form.get(name) ?? '';
  if (value.length > maxChars) {
    throw new PhoenixdRefusal(400, `Request parameter ${name} is too long (max ${maxChars} characters)`);
  }
  return value;
}
