/** Markup, as opposed to text that came from somebody. Made by {@link html} alone. */
export class Html {
  constructor(readonly markup: string) {}
}

type Part = string | Html | readonly Part[];

/** A template whose values are text, escaped, unless they are markup themselves. Fits element content and quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((string, index) => string + (index < parts.length ? markupOf(parts[index] ?? '') : '')).join(''),
  );
}

function markupOf(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === 'string') return part.replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
  return part.map(markupOf).join('');
}
