/**
 * One `--flag` as data. Its help is the description of the field of the Input it fills (dots go into objects), unless `about`
 * says something else; without a `field` it fills that of its own name in snake case, with null none by itself.
 */
export interface Flag {
  name: string;
  kind: FlagKind;
  /** How help calls the value. */
  value: string;
  field?: string | null;
  about?: string;
  isRequired?: boolean;
  choices?: readonly string[];
}

/** `amount`: digits without an end, which never become a JavaScript number. `memo`: `[key=]text`, repeated. */
export type FlagKind = 'text' | 'integer' | 'amount' | 'list' | 'memo' | 'switch';

export const text = (name: string, value: string, more: More = {}): Flag => ({ name, kind: 'text', value, ...more });
export const integer = (name: string, more: More = {}): Flag => ({ name, kind: 'integer', value: 'N', ...more });
export const amount = (name: string, more: More = {}): Flag => ({ name, kind: 'amount', value: 'N', ...more });
export const list = (name: string, value: string, more: More = {}): Flag => ({ name, kind: 'list', value, ...more });
export const toggle = (name: string, more: More = {}): Flag => ({ name, kind: 'switch', value: '', ...more });
export const memo = (name: string, more: More = {}): Flag => ({ name, kind: 'memo', value: '[K=]V', ...more });

export const required = (flag: Flag): Flag => ({ ...flag, isRequired: true });

/** The field of an Input that a flag fills by itself. */
export function fieldOf({ name, field }: Flag): string | undefined {
  if (field === null) return undefined;
  return field ?? name.replaceAll('-', '_');
}

type More = Partial<Omit<Flag, 'name' | 'kind'>>;
