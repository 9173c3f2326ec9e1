import { invalidRequest } from './stripe-error.js';

/** Stripe's form encoding: `a[b]=1` is an object, `a[]=1` and `a[0]=1` are lists. Values stay text. */
export function parseForm(text: string): FormValue {
  const root: FormValue = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const path = key.split('[').map((part) => part.replace(/\]$/, ''));
    put(root, path, value);
  }
  return listsIn(root) as FormValue;
}

function put(target: FormValue, [head = '', ...rest]: string[], value: string): void {
  const key = head === '' ? String(Object.keys(target).length) : head;
  if (['__proto__', 'constructor', 'prototype'].includes(key)) throw invalidRequest(400, `Invalid parameter ${key}.`);
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const next = target[key];
  const branch: FormValue = typeof next === 'object' && !Array.isArray(next) ? next : {};
  target[key] = branch;
  put(branch, rest, value);
}

/** Objects whose keys are 0, 1, 2 … were lists. */
function listsIn(value: FormNode): FormNode {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, each]): [string, FormNode] => [key, listsIn(each)]);
  const isList = entries.length > 0 && entries.every(([key], at) => key === String(at));
  return isList ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

export type FormNode = string | FormNode[] | FormValue;
export interface FormValue {
  [key: string]: FormNode;
}
