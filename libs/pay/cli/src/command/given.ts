import { UsageError } from '../usage-error.js';
import { fieldOf } from './flag.js';
import type { Flag } from './flag.js';

/** The flags and words of one command line. Every complaint names the flag and never repeats its value, which may be a secret. */
export interface Given {
  text: (name: string) => string | undefined;
  need: (name: string) => string;
  list: (name: string) => string[] | undefined;
  isOn: (name: string) => boolean;
  /** Digits, still as text. */
  amount: (name: string) => string | undefined;
  integer: (name: string) => number | undefined;
  /** What the flags say about the fields of their own names. */
  fields: () => Record<string, unknown>;
  words: readonly string[];
}

export function given(values: RawValues, words: readonly string[], flags: readonly Flag[]): Given {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const list = (name: string): string[] | undefined => {
    const value = values[name];
    return Array.isArray(value) ? value : undefined;
  };
  const amount = (name: string): string | undefined => {
    const digits = text(name);
    if (digits !== undefined && !/^\d{1,78}$/.test(digits)) {
      throw new UsageError(`--${name}: not a whole number`, 'Base units without sign, point or comma, e.g. 1000');
    }
    return digits;
  };
  const integer = (name: string): number | undefined => {
    const digits = text(name);
    if (digits === undefined) return undefined;
    if (!/^\d{1,15}$/.test(digits)) throw new UsageError(`--${name}: not a whole number`);
    return Number(digits);
  };
  const need = (name: string): string => {
    const value = text(name);
    if (value === undefined) throw new UsageError(`--${name} is needed`);
    return value;
  };
  const isOn = (name: string): boolean => values[name] === true;

  const valueOf = ({ name, kind }: Flag): unknown => {
    if (kind === 'integer') return integer(name);
    if (kind === 'amount') return amount(name);
    if (kind === 'list') return list(name);
    if (kind === 'memo') return memoOf(list(name));
    return kind === 'switch' ? isOn(name) || undefined : text(name);
  };
  const fields = () =>
    Object.fromEntries(
      flags.flatMap((flag) => {
        const [field, value] = [fieldOf(flag), valueOf(flag)];
        return field === undefined || value === undefined ? [] : [[field, value]];
      }),
    );
  return { text, need, list, isOn, amount, integer, fields, words };
}

/** `--local-memo lunch --local-memo who=ann` → { note: 'lunch', who: 'ann' }. */
function memoOf(texts: readonly string[] | undefined): Record<string, string> | undefined {
  if (!texts) return undefined;
  return Object.fromEntries(
    texts.map((each) => {
      const at = each.indexOf('=');
      return at > 0 ? [each.slice(0, at), each.slice(at + 1)] : ['note', each];
    }),
  );
}

export type RawValues = Readonly<Record<string, string | string[] | boolean | undefined>>;
