import { HIDDEN } from '@caravel/pay-protocol';

/** A name without its unit, and the value with it. */
export interface Suffixed {
  name: string;
  text: string;
}

/**
 * What the last part of a name says about its value (AFDATA): `wait_ms: 1280` is `wait: 1.28s`. Undefined when the name says
 * nothing, or the value is not of the kind that it says. The unit is read in lower case or in capitals, not mixed.
 */
export function readSuffix(key: string, value: unknown): Suffixed | undefined {
  for (const [pattern, render] of RULES) {
    const [, name, code = ''] = pattern.exec(key) ?? upper(pattern, key);
    if (name === undefined) continue;
    const text = render(value, code);
    return text === undefined ? undefined : { name, text };
  }
  return undefined;
}

/** A name that ends like a secret, whatever it holds. */
export const isSecretKey = (key: string): boolean => key.endsWith('_secret') || key.endsWith('_SECRET');

function upper(pattern: RegExp, key: string): readonly string[] {
  if (key !== key.toUpperCase()) return [];
  const [, name, code = ''] = pattern.exec(key.toLowerCase()) ?? [];
  return name === undefined ? [] : ['', key.slice(0, name.length), code];
}

const number = (render: (text: string, value: number) => string): Render => {
  return (value) => {
    if (typeof value === 'bigint') return render(String(value), Number(value));
    return typeof value === 'number' && Number.isFinite(value) ? render(String(value), value) : undefined;
  };
};

const withUnit = (unit: string): Render => number((text) => `${text}${unit}`);

/** Cents: whole and not below zero, in the smallest unit of a currency with two decimals. */
const cents = (render: (amount: string, code: string) => string): Render => {
  return (value, code) => {
    const whole = wholeOf(value);
    if (whole === undefined || whole < 0n) return undefined;
    const digits = String(whole).padStart(3, '0');
    return render(`${digits.slice(0, -2)}.${digits.slice(-2)}`, code);
  };
};

/** Since 1970, in units of `perMs` milliseconds' parts. */
const epoch = (toMs: (value: bigint) => bigint): Render => {
  return (value) => {
    const whole = wholeOf(value);
    if (whole === undefined) return undefined;
    const date = new Date(Number(toMs(whole)));
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  };
};

function wholeOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

const yen: Render = (value) => {
  const whole = wholeOf(value);
  return whole === undefined || whole < 0n ? undefined : `¥${String(whole).replaceAll(/\B(?=(\d{3})+$)/g, ',')}`;
};

function bytes(text: string, value: number): string {
  if (Math.abs(value) < 1024) return `${text}B`;
  const power = Math.min(Math.floor(Math.log2(Math.abs(value)) / 10), 4);
  return `${(value / 1024 ** power).toFixed(1)}${'KMGT'[power - 1] ?? ''}B`;
}

/** 1280 → 1.28s, 2000 → 2.0s. */
function milliseconds(text: string, value: number): string {
  if (Math.abs(value) < 1000) return `${text}ms`;
  const seconds = String(value / 1000);
  return `${seconds.includes('.') ? seconds : `${seconds}.0`}s`;
}

const hidden: Render = (value) => (typeof value === 'object' ? undefined : HIDDEN);
const asItIs: Render = (value) => (typeof value === 'string' ? value : undefined);

type Render = (value: unknown, code: string) => string | undefined;

/** In the order in which they are tried: the longest first. */
const RULES: readonly (readonly [RegExp, Render])[] = [
  [/^(.+)_epoch_ns$/, epoch((ns) => (ns >= 0n ? ns : ns - 999_999n) / 1_000_000n)],
  [/^(.+)_epoch_ms$/, epoch((ms) => ms)],
  [/^(.+)_epoch_s$/, epoch((s) => s * 1000n)],
  [/^(.+)_usd_cents$/, cents((amount) => `$${amount}`)],
  [/^(.+)_eur_cents$/, cents((amount) => `€${amount}`)],
  [/^(.+)_([a-z]{3,4})_cents$/, cents((amount, code) => `${amount} ${code.toUpperCase()}`)],
  [/^(.+)_rfc3339$/, asItIs],
  [/^(.+)_minutes$/, withUnit(' minutes')],
  [/^(.+)_hours$/, withUnit(' hours')],
  [/^(.+)_days$/, withUnit(' days')],
  [/^(.+)_msats$/, withUnit('msats')],
  [/^(.+)_sats$/, withUnit('sats')],
  [/^(.+)_bytes$/, number(bytes)],
  [/^(.+)_percent$/, withUnit('%')],
  [/^(.+)_secret$/, hidden],
  [/^(.+)_btc$/, withUnit(' BTC')],
  [/^(.+)_jpy$/, yen],
  [/^(.+)_ns$/, withUnit('ns')],
  [/^(.+)_us$/, withUnit('μs')],
  [/^(.+)_ms$/, number(milliseconds)],
  [/^(.+)_s$/, withUnit('s')],
];
