import type { MessageValues } from './fact-values.js';
import { fillLines } from './texts/placeholders.js';
import type { MessageText } from './texts/text-schema.js';

/** What a message says: of all its facts together, and of each. */
export interface MessageContent {
  common: MessageValues;
  items: readonly MessageValues[];
}

/** The text of a message. Pure. What would be said twice in the same words is said once. */
export function renderMessage(text: MessageText, { common, items }: MessageContent): string {
  const [only] = items;
  if (text.one && only && items.length === 1) return fillLines(text.one, { ...common, ...only }).join('\n');
  const { before, each, after } = text.several;
  const parts = items.map((item) => fillLines(each, { ...common, ...item }).join('\n')).filter((part) => part !== '');
  return [...fillLines(before, common), ...new Set(parts), ...fillLines(after, common)].join('\n');
}
